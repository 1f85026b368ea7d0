using QueryApi;

QueryApiService.Create(args).Run();
