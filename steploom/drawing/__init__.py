"""Pictures of workflows: Mermaid text, standalone SVG and HTML."""
