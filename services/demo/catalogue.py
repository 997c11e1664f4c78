"""Who and what the demo company trades with; every name is made up."""

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
    price: int
    cost: int


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

_GOODS = """
Drinks 矿泉水 Spring water 550 ml|case of 24|2880|1960
Drinks 苏打水 Soda water 400 ml|case of 15|4500|3150
Drinks 茉莉花茶 Jasmine tea 500 ml|case of 15|5250|3600
Drinks 乌龙茶 Oolong tea 500 ml|case of 15|5250|3640
Drinks 冰红茶 Iced black tea 500 ml|case of 15|4200|2880
Drinks 酸梅汤 Plum drink 450 ml|case of 12|4680|3120
Drinks 豆奶 Soy milk 250 ml|case of 24|6000|4200
Drinks 椰子汁 Coconut milk 245 ml|case of 24|9600|6960
Drinks 杏仁露 Almond drink 240 ml|case of 20|7800|5600
Drinks 橙汁 Orange juice 300 ml|case of 12|6600|4740
Drinks 气泡水白桃 Sparkling peach 330 ml|case of 24|9840|6720
Drinks 气泡水柠檬 Sparkling lemon 330 ml|case of 24|9840|6720
Drinks 拿铁咖啡 Latte 270 ml|case of 15|8250|5850
Drinks 黑咖啡 Black coffee 270 ml|case of 15|7950|5550
Snacks 原味瓜子 Sunflower seeds 160 g|case of 30|14400|10200
Snacks 焦糖瓜子 Caramel sunflower seeds 160 g|case of 30|15000|10800
Snacks 五香花生 Spiced peanuts 120 g|case of 40|13600|9600
Snacks 海苔卷 Seaweed rolls 48 g|case of 24|16800|11760
Snacks 米饼 Rice crackers 84 g|case of 20|9000|6200
Snacks 蛋卷 Egg rolls 112 g|case of 18|15300|10980
Snacks 绿豆糕 Mung bean cake 200 g|case of 16|17600|12480
Snacks 山楂片 Hawthorn slices 100 g|case of 40|12000|8200
Snacks 话梅 Dried plums 80 g|case of 36|16200|11340
Snacks 豆腐干 Dried tofu 95 g|case of 40|15200|10800
Snacks 番茄薯片 Tomato crisps 70 g|case of 22|12100|8580
Snacks 黄瓜薯片 Cucumber crisps 70 g|case of 22|12100|8580
Snacks 芝麻糖 Sesame brittle 150 g|case of 24|14400|10080
Snacks 坚果混合 Mixed nuts 25 g|case of 60|23400|17400
Household 抽纸 Facial tissue 3 x 120|case of 12|13200|9600
Household 卷纸 Toilet rolls 10 pack|case of 8|15200|11200
Household 厨房纸 Kitchen towels 2 rolls|case of 12|10800|7560
Household 洗洁精 Dish soap 1 kg|case of 12|10200|6960
Household 洗衣液 Laundry liquid 2 kg|case of 6|15600|10920
Household 洗衣皂 Laundry soap 2 x 200 g|case of 24|13200|9360
Household 垃圾袋 Bin liners 100|case of 30|17700|12300
Household 保鲜膜 Cling film 30 m|case of 30|20700|14700
Household 牙膏 Toothpaste 120 g|case of 36|32400|22680
Household 洗手液 Hand wash 500 ml|case of 12|14400|9840
Household 香皂 Toilet soap 3 x 115 g|case of 24|21600|15120
Household 海绵擦 Sponges 6 pack|case of 40|16000|10800
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
        Good(f"P{number:03d}", what.partition(" ")[2], what.partition(" ")[0], unit, int(p), int(c))
        for number, (what, unit, p, c) in enumerate(lines, 101)
    )


DEALERS = _parties("dealer", "d", _DEALERS)
RETAILERS = _parties("retailer", "s", _RETAILERS)
GOODS = _goods()
