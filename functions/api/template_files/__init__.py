"""Templates of workflows, one JSON file each; functions.api.template_list tells what stands in them."""
