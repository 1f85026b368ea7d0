using System.Collections;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Portable.Hosting.TestHost;

/// <summary>A web service that shows what it was given and crashes on demand.</summary>
internal static class Service
{
    private const int CrashCode = 3;

    public static int Run(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapGet("/health", () => "healthy");
        app.MapGet("/process", () => Environment.ProcessId);
        app.MapGet("/environment", () => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(variable => $"{variable.Key}", variable => $"{variable.Value}"));
        app.MapGet("/arguments", () => args);
        app.MapPost("/crash", () => Environment.Exit(CrashCode));
        app.Lifetime.ApplicationStopped.Register(() => Console.WriteLine("the service has stopped"));
        Console.WriteLine("the service starts");
        app.Run();
        return 0;
    }
}
