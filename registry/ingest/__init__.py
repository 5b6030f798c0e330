"""How do files that other programs wrote become records? Read, checked and explained here; kept by the services."""
