"""Phase 4: what runs beside what becomes nested scopes; everything else stays one scope of jumps."""
