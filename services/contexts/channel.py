"""The sales network: what is agreed with dealers, and what they tell of where goods went."""

from aggregates.channel.agreeing import AgreementSettings
from aggregates.channel.agreement import Agreement, AgreementRenewalDue
from aggregates.channel.goods_flow import GoodsFlow
from aggregates.channel.ordering import DealerOrderSettings
from aggregates.channel.outlet import Outlet
from aggregates.channel.partner import Partner
from aggregates.channel.statement import Statement
from aggregates.channel.stock_report import StockReport
from commands.channel import agreement, goods_flow, statement, stock_report
from projections.channel import agreement as agreement_record
from projections.channel import goods_flow as goods_flow_record
from projections.channel import sell_through
from projections.channel import statement as statement_record
from projections.channel import stock_report as stock_report_record
from services.contexts import Context
from services.notices.declared import Notice, person_in
from services.processes.channel import agreements, statements

channel = Context(
    "channel",
    kinds=(Agreement, Partner, GoodsFlow, Statement, StockReport),
    plain=(Outlet,),
    commands=(agreement, goods_flow, statement, stock_report),
    records=(
        agreement_record.record,
        goods_flow_record.record,
        statement_record.record,
        stock_report_record.record,
    ),
    figures=(sell_through.figure,),
    processes=(agreements.process, statements.process),
    settings=(AgreementSettings, DealerOrderSettings),
    notices=(Notice("agreement-renewal-due", (AgreementRenewalDue,), person_in("owner")),),
)
