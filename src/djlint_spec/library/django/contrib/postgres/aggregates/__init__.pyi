from django.db.models import Aggregate as Aggregate

class ArrayAgg(Aggregate):
    function = 'ARRAY_AGG'
    template = '%(function)s(%(distinct)s%(expressions)s %(order_by)s)'
    allow_distinct = True
    @property
    def output_field(self): ...
class BitAnd(Aggregate):
    function = 'BIT_AND'
class BitOr(Aggregate):
    function = 'BIT_OR'
class BitXor(Aggregate):
    function = 'BIT_XOR'
class BoolAnd(Aggregate):
    function = 'BOOL_AND'
class BoolOr(Aggregate):
    function = 'BOOL_OR'
class JSONBAgg(Aggregate):
    function = 'JSONB_AGG'
    template = '%(function)s(%(distinct)s%(expressions)s %(order_by)s)'
    allow_distinct = True
class StringAgg(Aggregate):
    function = 'STRING_AGG'
    template = '%(function)s(%(distinct)s%(expressions)s %(order_by)s)'
    allow_distinct = True
class StatAggregate(Aggregate): ...
class CovarPop(StatAggregate): ...
class Corr(StatAggregate):
    function = 'CORR'
class RegrAvgX(StatAggregate):
    function = 'REGR_AVGX'
class RegrAvgY(StatAggregate):
    function = 'REGR_AVGY'
class RegrCount(StatAggregate):
    function = 'REGR_COUNT'
    empty_result_set_value = 0
class RegrIntercept(StatAggregate):
    function = 'REGR_INTERCEPT'
class RegrR2(StatAggregate):
    function = 'REGR_R2'
class RegrSlope(StatAggregate):
    function = 'REGR_SLOPE'
class RegrSXX(StatAggregate):
    function = 'REGR_SXX'
class RegrSXY(StatAggregate):
    function = 'REGR_SXY'
class RegrSYY(StatAggregate):
    function = 'REGR_SYY'
