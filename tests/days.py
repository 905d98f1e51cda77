"""What a day is made of, for tests that call the rooms of the package as the tasks of the DAG do."""

#: the parts of the dbt project that a day runs, in their order
PARTS = ("seeds", "staging", "matching", "marts", "public_service", "integrated_service")
