using Workflows;

WorkflowsApp.Create(args).Run();
