"""How does a report become a file? Writers know tables, never the models behind them."""
