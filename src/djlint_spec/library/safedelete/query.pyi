from safedelete.queryset import SafeDeleteQuery as SafeDeleteQuery
