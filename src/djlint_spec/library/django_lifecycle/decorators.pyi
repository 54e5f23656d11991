from django_lifecycle import hook as HookConfig
