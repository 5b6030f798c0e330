"""What the registry exists for, in pure Python: counting, money, precision, lives of records. No IO, no clock."""
