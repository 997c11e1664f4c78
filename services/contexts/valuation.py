"""What goods in warehouses are worth, and the months of stock that are closed."""

from aggregates.valuation.stock_period import StockPeriods
from commands.valuation import stock_period
from projections.valuation import figures, margins
from projections.valuation import stock_period as stock_period_record
from services.contexts import Context

valuation = Context(
    "valuation",
    kinds=(StockPeriods,),
    commands=(stock_period,),
    records=(stock_period_record.record,),
    figures=(figures.value, figures.moves, figures.months, margins.margins),
)
