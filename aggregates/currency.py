"""The currencies of ISO 4217, and how many digits their minor units have: money is whole in them.

Those that were withdrawn lately stay, for books of earlier years.
"""

from decimal import Decimal
from difflib import get_close_matches

WITHOUT = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
OF_TWO = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD
CAD CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL
GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR
LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB
PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP
SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG ZWL
"""
OF_THREE = "BHD IQD JOD KWD LYD OMR TND"
OF_FOUR = "CLF UYW"
DIGITS = {0: WITHOUT, 2: OF_TWO, 3: OF_THREE, 4: OF_FOUR}
EXPONENTS = {code: digits for digits, codes in DIGITS.items() for code in codes.split()}
OTHER_NAMES = {"RMB": "CNY", "CNH": "CNY", "NTD": "TWD", "UKP": "GBP"}


class UnknownCurrency(ValueError):
    """No currency of ISO 4217 has that code."""


def exponent(code: str) -> int:
    """Digits of the minor unit: a yuan has 100 fen, a yen is the smallest, a dinar has 1,000."""
    try:
        return EXPONENTS[code]
    except KeyError:
        raise UnknownCurrency(code) from None


def whole(amount: int, code: str) -> int:
    """Whole units in an amount of minor units."""
    return int(amount // 10 ** exponent(code))


def money(amount: int, code: str) -> str:
    """An amount of minor units as a sentence shows it: `CNY 1234.50`."""
    digits = EXPONENTS.get(code, 0)
    return f"{code} {Decimal(amount).scaleb(-digits):.{digits}f}"


def nearest(code: str) -> str:
    """The code that was meant, if it can be guessed: by its other name, or by its letters."""
    if code in OTHER_NAMES:
        return OTHER_NAMES[code]
    letters = sorted(code)
    same = [each for each in sorted(EXPONENTS) if sorted(each) == letters]
    return next(iter([*same, *get_close_matches(code, EXPONENTS, 1, 0.6)]), "CNY")
