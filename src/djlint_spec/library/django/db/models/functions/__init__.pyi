from django.db.models import Func as Func
from django.db.models import Transform as Transform

class Cast(Func):
    function = 'CAST'
    template = '%(function)s(%(expressions)s AS %(db_type)s)'
    def as_sql(self, *args, **kwargs): ...
    def as_sqlite(self, *args, **kwargs): ...
    def as_mysql(self, *args, **kwargs): ...
    def as_postgresql(self, *args, **kwargs): ...
    def as_oracle(self, *args, **kwargs): ...
class Coalesce(Func):
    function = 'COALESCE'
    @property
    def empty_result_set_value(self): ...
    def as_oracle(self, *args, **kwargs): ...
class Collate(Func):
    function = 'COLLATE'
    template = '%(expressions)s %(function)s %(collation)s'
    allowed_default = False
    def as_sql(self, *args, **kwargs): ...
class Greatest(Func):
    function = 'GREATEST'
    def as_sqlite(self, *args, **kwargs): ...
class Least(Func):
    function = 'LEAST'
    def as_sqlite(self, *args, **kwargs): ...
class NullIf(Func):
    function = 'NULLIF'
    arity = 2
    def as_oracle(self, *args, **kwargs): ...
class Extract(Transform):
    lookup_name = None
    def as_sql(self, *args, **kwargs): ...
    def resolve_expression(self, *args, **kwargs): ...
class ExtractDay(Extract):
    lookup_name = 'day'
class ExtractHour(Extract):
    lookup_name = 'hour'
class ExtractIsoWeekDay(Extract):
    lookup_name = 'iso_week_day'
class ExtractIsoYear(Extract):
    lookup_name = 'iso_year'
class ExtractMinute(Extract):
    lookup_name = 'minute'
class ExtractMonth(Extract):
    lookup_name = 'month'
class ExtractQuarter(Extract):
    lookup_name = 'quarter'
class ExtractSecond(Extract):
    lookup_name = 'second'
class ExtractWeek(Extract):
    lookup_name = 'week'
class ExtractWeekDay(Extract):
    lookup_name = 'week_day'
class ExtractYear(Extract):
    lookup_name = 'year'
class Now(Func):
    template = 'CURRENT_TIMESTAMP'
    def as_postgresql(self, *args, **kwargs): ...
    def as_mysql(self, *args, **kwargs): ...
    def as_sqlite(self, *args, **kwargs): ...
    def as_oracle(self, *args, **kwargs): ...
class Trunc(Transform): ...
class TruncDate(Transform):
    kind = 'date'
    lookup_name = 'date'
    def as_sql(self, *args, **kwargs): ...
class TruncDay(Transform):
    kind = 'day'
class TruncHour(Transform):
    kind = 'hour'
class TruncMinute(Transform):
    kind = 'minute'
class TruncMonth(Transform):
    kind = 'month'
class TruncQuarter(Transform):
    kind = 'quarter'
class TruncSecond(Transform):
    kind = 'second'
class TruncTime(Transform):
    kind = 'time'
    lookup_name = 'time'
    def as_sql(self, *args, **kwargs): ...
class TruncWeek(Transform):
    kind = 'week'
class TruncYear(Transform):
    kind = 'year'
class JSONArray(Func):
    function = 'JSON_ARRAY'
    def as_sql(self, *args, **kwargs): ...
    def as_native(self, *args, **kwargs): ...
    def as_postgresql(self, *args, **kwargs): ...
    def as_oracle(self, *args, **kwargs): ...
class JSONObject(Func):
    function = 'JSON_OBJECT'
    def as_sql(self, *args, **kwargs): ...
    def join(self, *args, **kwargs): ...
    def as_native(self, *args, **kwargs): ...
    def as_postgresql(self, *args, **kwargs): ...
    def as_oracle(self, *args, **kwargs): ...
class Abs(Transform):
    function = 'ABS'
    lookup_name = 'abs'
class ACos(Transform):
    function = 'ACOS'
    lookup_name = 'acos'
class ASin(Transform):
    function = 'ASIN'
    lookup_name = 'asin'
class ATan(Transform):
    function = 'ATAN'
    lookup_name = 'atan'
class ATan2(Func):
    function = 'ATAN2'
    arity = 2
    def as_sqlite(self, *args, **kwargs): ...
class Ceil(Transform):
    function = 'CEILING'
    lookup_name = 'ceil'
    def as_oracle(self, *args, **kwargs): ...
class Cos(Transform):
    function = 'COS'
    lookup_name = 'cos'
class Cot(Transform):
    function = 'COT'
    lookup_name = 'cot'
    def as_oracle(self, *args, **kwargs): ...
class Degrees(Transform):
    function = 'DEGREES'
    lookup_name = 'degrees'
    def as_oracle(self, *args, **kwargs): ...
class Exp(Transform):
    function = 'EXP'
    lookup_name = 'exp'
class Floor(Transform):
    function = 'FLOOR'
    lookup_name = 'floor'
class Ln(Transform):
    function = 'LN'
    lookup_name = 'ln'
class Log(Func):
    function = 'LOG'
    arity = 2
    def as_sqlite(self, *args, **kwargs): ...
class Mod(Func):
    function = 'MOD'
    arity = 2
class Pi(Func):
    function = 'PI'
    arity = 0
    def as_oracle(self, *args, **kwargs): ...
class Power(Func):
    function = 'POWER'
    arity = 2
class Radians(Transform):
    function = 'RADIANS'
    lookup_name = 'radians'
    def as_oracle(self, *args, **kwargs): ...
class Random(Func):
    function = 'RANDOM'
    arity = 0
    def as_mysql(self, *args, **kwargs): ...
    def as_oracle(self, *args, **kwargs): ...
    def as_sqlite(self, *args, **kwargs): ...
    def get_group_by_cols(self, *args, **kwargs): ...
class Round(Transform):
    function = 'ROUND'
    lookup_name = 'round'
    arity = None
    def as_sqlite(self, *args, **kwargs): ...
class Sign(Transform):
    function = 'SIGN'
    lookup_name = 'sign'
class Sin(Transform):
    function = 'SIN'
    lookup_name = 'sin'
class Sqrt(Transform):
    function = 'SQRT'
    lookup_name = 'sqrt'
class Tan(Transform):
    function = 'TAN'
    lookup_name = 'tan'
class MD5(Transform):
    function = 'MD5'
    lookup_name = 'md5'
class SHA1(Transform):
    function = 'SHA1'
    lookup_name = 'sha1'
class SHA224(Transform):
    function = 'SHA224'
    lookup_name = 'sha224'
    def as_oracle(self, *args, **kwargs): ...
class SHA256(Transform):
    function = 'SHA256'
    lookup_name = 'sha256'
class SHA384(Transform):
    function = 'SHA384'
    lookup_name = 'sha384'
class SHA512(Transform):
    function = 'SHA512'
    lookup_name = 'sha512'
class Chr(Transform):
    function = 'CHR'
    lookup_name = 'chr'
    def as_mysql(self, *args, **kwargs): ...
    def as_oracle(self, *args, **kwargs): ...
    def as_sqlite(self, *args, **kwargs): ...
class Concat(Func):
    function = None
    template = '%(expressions)s'
class ConcatPair(Func):
    function = 'CONCAT'
    def pipes_concat_sql(self, *args, **kwargs): ...
    def as_sqlite(self, *args, **kwargs): ...
    def as_postgresql(self, *args, **kwargs): ...
    def as_mysql(self, *args, **kwargs): ...
    def coalesce(self, *args, **kwargs): ...
class Left(Func):
    function = 'LEFT'
    arity = 2
    def get_substr(self, *args, **kwargs): ...
    def as_oracle(self, *args, **kwargs): ...
    def as_sqlite(self, *args, **kwargs): ...
class Length(Transform):
    function = 'LENGTH'
    lookup_name = 'length'
    def as_mysql(self, *args, **kwargs): ...
class Lower(Transform):
    function = 'LOWER'
    lookup_name = 'lower'
class LPad(Func):
    function = 'LPAD'
class LTrim(Transform):
    function = 'LTRIM'
    lookup_name = 'ltrim'
class Ord(Transform):
    function = 'ASCII'
    lookup_name = 'ord'
    def as_mysql(self, *args, **kwargs): ...
    def as_sqlite(self, *args, **kwargs): ...
class Repeat(Func):
    function = 'REPEAT'
    def as_oracle(self, *args, **kwargs): ...
class Replace(Func):
    function = 'REPLACE'
class Reverse(Transform):
    function = 'REVERSE'
    lookup_name = 'reverse'
    def as_oracle(self, *args, **kwargs): ...
class Right(Left):
    function = 'RIGHT'
    def get_substr(self, *args, **kwargs): ...
class RPad(LPad):
    function = 'RPAD'
class RTrim(Transform):
    function = 'RTRIM'
    lookup_name = 'rtrim'
class StrIndex(Func):
    function = 'INSTR'
    arity = 2
    def as_postgresql(self, *args, **kwargs): ...
class Substr(Func):
    function = 'SUBSTRING'
    def as_sqlite(self, *args, **kwargs): ...
    def as_oracle(self, *args, **kwargs): ...
class Trim(Transform):
    function = 'TRIM'
    lookup_name = 'trim'
class Upper(Transform):
    function = 'UPPER'
    lookup_name = 'upper'
class CumeDist(Func):
    function = 'CUME_DIST'
    window_compatible = True
class DenseRank(Func):
    function = 'DENSE_RANK'
    window_compatible = True
class FirstValue(Func):
    arity = 1
    function = 'FIRST_VALUE'
    window_compatible = True
class Lag(Func):
    function = 'LAG'
class LastValue(Func):
    arity = 1
    function = 'LAST_VALUE'
    window_compatible = True
class Lead(Func):
    function = 'LEAD'
class NthValue(Func):
    function = 'NTH_VALUE'
    window_compatible = True
class Ntile(Func):
    function = 'NTILE'
    window_compatible = True
class PercentRank(Func):
    function = 'PERCENT_RANK'
    window_compatible = True
class Rank(Func):
    function = 'RANK'
    window_compatible = True
class RowNumber(Func):
    function = 'ROW_NUMBER'
    window_compatible = True
