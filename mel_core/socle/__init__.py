"""What everything stands on: errors, French, periods, tables, SQL files, the solver."""
