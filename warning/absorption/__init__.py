"""Where a surplus can go: channels of absorption with their clauses and departments.

`channels` says which of the catalog's channels suit a product on a day, in order of use, and why the others do not.
"""
