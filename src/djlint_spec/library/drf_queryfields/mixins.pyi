class QueryFieldsMixin:
    include_arg_name = 'fields'
    exclude_arg_name = 'fields!'
    delimiter = ','
