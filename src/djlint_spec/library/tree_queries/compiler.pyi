from tree_queries.query import TreeQuery as TreeQuery
