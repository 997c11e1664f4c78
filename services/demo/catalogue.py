"""Who and what the demo company trades with; every name is made up."""

from collections.abc import Iterator
from typing import NamedTuple

CURRENCY = "CNY"
REGIONS = {"East-China": "sales-east", "South-China": "sales-south", "North-China": "sales-north"}
WAREHOUSES = {"East-China": "WH-SH", "South-China": "WH-GZ", "North-China": "WH-SH"}

DEPARTMENTS = {
    "sales": ("销售部 Sales", None),
    "sales-east": ("华东销售 Sales East", "sales"),
    "sales-south": ("华南销售 Sales South", "sales"),
    "sales-north": ("华北销售 Sales North", "sales"),
    "supply": ("供应链部 Supply", None),
    "finance": ("财务部 Finance", None),
}
"""What each is called, and what lies above it."""
REGION_NAMES = {
    "China": ("中国 China", None),
    "East-China": ("华东 East China", "China"),
    "South-China": ("华南 South China", "China"),
    "North-China": ("华北 North China", "China"),
}


class Colleague(NamedTuple):
    """Somebody who has no customers: where he works, and what he may do."""

    id: str
    name: str
    department: str
    title: str
    role: str


class Person(NamedTuple):
    id: str
    name: str
    region: str
    title: str


class Party(NamedTuple):
    id: str
    name: str
    kind: str
    city: str
    region: str


class Good(NamedTuple):
    id: str
    name: str
    category: str
    unit: str
    in_case: int
    price: int
    cost: int

    @property
    def case(self) -> str:
        """The unit that it is ordered, moved and counted in."""
        return f"case-{self.in_case}-{self.unit}"


PEOPLE = (
    Person("r-chen", "陈小岚 Chen Xiaolan", "East-China", "Area manager"),
    Person("r-lu", "陆一鸣 Lu Yiming", "East-China", "Sales representative"),
    Person("r-huang", "黄嘉文 Huang Jiawen", "South-China", "Area manager"),
    Person("r-liang", "梁小凤 Liang Xiaofeng", "South-China", "Sales representative"),
    Person("r-zhao", "赵长风 Zhao Changfeng", "North-China", "Area manager"),
    Person("r-sun", "孙若溪 Sun Ruoxi", "North-China", "Sales representative"),
)

COLLEAGUES = (
    Colleague("s-gao", "高远 Gao Yuan", "sales", "Head of sales", "sales-manager"),
    Colleague("c-ding", "丁一诺 Ding Yinuo", "sales", "Sales clerk", "clerk"),
    Colleague("w-he", "何建国 He Jianguo", "supply", "Warehouse clerk", "warehouse"),
    Colleague("f-qian", "钱文静 Qian Wenjing", "finance", "Accountant", "finance"),
    Colleague("m-yu", "于小曼 Yu Xiaoman", "sales", "Member desk", "member-desk"),
    Colleague("a-shen", "沈明哲 Shen Mingzhe", "finance", "Auditor", "auditor"),
)
"""The head of sales reaches the sales department, the others all there is."""

_DEALERS = """
上海 East-China 申禾商贸 Shenhe Trading
苏州 East-China 鼎穗商贸 Dingsui Trading
杭州 East-China 湖墅食品经营部 Hushu Foods
南京 East-China 钟麓贸易 Zhonglu Trading
广州 South-China 珠悦商贸 Zhuyue Trading
深圳 South-China 鹏穗供应链 Pengsui Supply
佛山 South-China 禅溪食品 Chanxi Foods
厦门 South-China 鹭涌贸易 Luyong Trading
北京 North-China 京垣商贸 Jingyuan Trading
天津 North-China 津渡食品 Jindu Foods
济南 North-China 泉岸贸易 Quanan Trading
青岛 North-China 岛帆商贸 Daofan Trading
"""

_RETAILERS = """
上海 East-China 禾光便利 Heguang Convenience
上海 East-China 弄堂小铺 Longtang Corner Shop
苏州 East-China 平桥超市 Pingqiao Supermarket
无锡 East-China 蠡风生鲜 Lifeng Fresh
杭州 East-China 西溪邻里 Xixi Neighbours
宁波 East-China 甬岸超市 Yongan Supermarket
南京 East-China 秦淮百货铺 Qinhuai Store
合肥 East-China 肥溪便利 Feixi Convenience
常州 East-China 龙湾超市 Longwan Supermarket
嘉兴 East-China 南湖小店 Nanhu Shop
广州 South-China 西关街坊 Xiguan Neighbours
广州 South-China 荔枝便利 Lychee Convenience
深圳 South-China 湾畔超市 Bayside Supermarket
东莞 South-China 莞香百货 Guanxiang Store
珠海 South-China 海晴便利 Haiqing Convenience
中山 South-China 岐江超市 Qijiang Supermarket
厦门 South-China 鹭岛生鲜 Ludao Fresh
福州 South-China 榕荫小店 Rongyin Shop
南宁 South-China 邕江超市 Yongjiang Supermarket
海口 South-China 椰里便利 Yeli Convenience
北京 North-China 胡同优选 Hutong Select
北京 North-China 槐树便利 Huaishu Convenience
天津 North-China 海河超市 Haihe Supermarket
石家庄 North-China 燕南百货 Yannan Store
济南 North-China 趵泉邻里 Baoquan Neighbours
青岛 North-China 栈桥生鲜 Zhanqiao Fresh
烟台 North-China 芝罘小铺 Zhifu Shop
太原 North-China 汾畔超市 Fenpan Supermarket
郑州 North-China 中原便利 Zhongyuan Convenience
大连 North-China 星湾超市 Xingwan Supermarket
"""

_UNITS = {
    "bottle": "瓶 Bottle",
    "can": "罐 Can",
    "bag": "袋 Bag",
    "box": "盒 Box",
    "pack": "提 Pack",
    "roll": "卷 Roll",
    "tube": "支 Tube",
}
MANY, CASES_ON_A_PALLET = 24, 40

# Of each: how many are in a case, and what one costs the shop, and us.
_GOODS = """
Drinks 矿泉水 Spring water 550 ml|bottle|24|120|82
Drinks 苏打水 Soda water 400 ml|bottle|15|300|210
Drinks 茉莉花茶 Jasmine tea 500 ml|bottle|15|350|240
Drinks 乌龙茶 Oolong tea 500 ml|bottle|15|350|243
Drinks 冰红茶 Iced black tea 500 ml|bottle|15|280|192
Drinks 酸梅汤 Plum drink 450 ml|bottle|12|390|260
Drinks 豆奶 Soy milk 250 ml|can|24|250|175
Drinks 椰子汁 Coconut milk 245 ml|can|24|400|290
Drinks 杏仁露 Almond drink 240 ml|can|20|390|280
Drinks 橙汁 Orange juice 300 ml|bottle|12|550|395
Drinks 气泡水白桃 Sparkling peach 330 ml|bottle|24|410|280
Drinks 气泡水柠檬 Sparkling lemon 330 ml|bottle|24|410|280
Drinks 拿铁咖啡 Latte 270 ml|bottle|15|550|390
Drinks 黑咖啡 Black coffee 270 ml|bottle|15|530|370
Snacks 原味瓜子 Sunflower seeds 160 g|bag|30|480|340
Snacks 焦糖瓜子 Caramel sunflower seeds 160 g|bag|30|500|360
Snacks 五香花生 Spiced peanuts 120 g|bag|40|340|240
Snacks 海苔卷 Seaweed rolls 48 g|bag|24|700|490
Snacks 米饼 Rice crackers 84 g|bag|20|450|310
Snacks 蛋卷 Egg rolls 112 g|box|18|850|610
Snacks 绿豆糕 Mung bean cake 200 g|box|16|1100|780
Snacks 山楂片 Hawthorn slices 100 g|bag|40|300|205
Snacks 话梅 Dried plums 80 g|bag|36|450|315
Snacks 豆腐干 Dried tofu 95 g|bag|40|380|270
Snacks 番茄薯片 Tomato crisps 70 g|bag|22|550|390
Snacks 黄瓜薯片 Cucumber crisps 70 g|bag|22|550|390
Snacks 芝麻糖 Sesame brittle 150 g|bag|24|600|420
Snacks 坚果混合 Mixed nuts 25 g|bag|60|390|290
Household 抽纸 Facial tissue 3 x 120|pack|12|1100|800
Household 卷纸 Toilet rolls 10 pack|pack|8|1900|1400
Household 厨房纸 Kitchen towels 2 rolls|pack|12|900|630
Household 洗洁精 Dish soap 1 kg|bottle|12|850|580
Household 洗衣液 Laundry liquid 2 kg|bottle|6|2600|1820
Household 洗衣皂 Laundry soap 2 x 200 g|pack|24|550|390
Household 垃圾袋 Bin liners 100|roll|30|590|410
Household 保鲜膜 Cling film 30 m|roll|30|690|490
Household 牙膏 Toothpaste 120 g|tube|36|900|630
Household 洗手液 Hand wash 500 ml|bottle|12|1200|820
Household 香皂 Toilet soap 3 x 115 g|pack|24|900|630
Household 海绵擦 Sponges 6 pack|pack|40|400|270
"""


def _parties(kind: str, prefix: str, text: str) -> tuple[Party, ...]:
    lines = [line.split(" ", 3) for line in text.strip().splitlines()]
    return tuple(
        Party(f"{prefix}-{number:02d}", f"{city}{name} {english}", kind, city, region)
        for number, (city, region, name, english) in enumerate(lines, 1)
    )


def _goods() -> tuple[Good, ...]:
    lines = [line.split("|") for line in _GOODS.strip().splitlines()]
    return tuple(
        Good(f"P{number:03d}", name, category, unit, int(many), int(price), int(cost))
        for number, (what, unit, many, price, cost) in enumerate(lines, 101)
        for category, _, name in (what.partition(" "),)
    )


def _units() -> Iterator[tuple[str, str, str | None, int | None]]:
    """Id and name of each unit, and so many of which other one it is."""
    for unit, name in _UNITS.items():
        yield unit, name, None, None
    for case, unit, many in sorted({(good.case, good.unit, good.in_case) for good in GOODS}):
        zh = _UNITS[unit].partition(" ")[0]
        yield case, f"箱（{many}{zh}） Case of {many}", unit, many
        if many == MANY:
            pallet = f"托（{CASES_ON_A_PALLET}箱×{many}{zh}） Pallet of {CASES_ON_A_PALLET} cases"
            yield f"pallet-{many}-{unit}", pallet, case, CASES_ON_A_PALLET


DEALERS = _parties("dealer", "d", _DEALERS)
RETAILERS = _parties("retailer", "s", _RETAILERS)
GOODS = _goods()
UNITS = tuple(_units())
