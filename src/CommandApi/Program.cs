using CommandApi;

CommandApiService.Create(args).Run();
