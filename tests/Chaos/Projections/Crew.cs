using System.Diagnostics;
using Projections.Tests;

namespace Chaos.Projections;

/// <summary>Projection processes as the app host starts them, two for each store.</summary>
internal sealed class Crew(IReadOnlyDictionary<string, string> environment) : IAsyncDisposable
{
    private readonly List<(string Store, Process Process)> members = [];

    /// <summary>How many were killed.</summary>
    public int Deaths { get; private set; }

    public static Crew Start(
        ReadModelsHarness harness,
        string broker,
        Uri management,
        string redis,
        string? elasticsearch)
    {
        var environment = new Dictionary<string, string>
        {
            ["ConnectionStrings__commerce"] = harness.CommerceConnection,
            ["ConnectionStrings__readmodels"] = harness.ReadModelsConnection,
            ["ConnectionStrings__rabbitmq"] = broker,
            ["ConnectionStrings__redis"] = redis,
            ["services__rabbitmq__management__0"] = management.AbsoluteUri,
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "",
            ["Logging__LogLevel__Default"] = "None",
        };
        if (elasticsearch is not null)
            environment["ConnectionStrings__elasticsearch"] = elasticsearch;
        var crew = new Crew(environment);
        foreach (var store in (string[])["postgres", "redis", "search"])
        {
            crew.Add(store);
            crew.Add(store);
        }

        return crew;
    }

    /// <summary>Ends a process with SIGKILL, and starts another in its place.</summary>
    public async Task KillOne(Random random, CancellationToken cancellationToken)
    {
        var index = random.Next(members.Count);
        var (store, process) = members[index];
        members.RemoveAt(index);
        process.Kill();
        await process.WaitForExitAsync(cancellationToken);
        process.Dispose();
        Deaths++;
        Add(store);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, process) in members)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    private void Add(string store)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Projections.dll");
        var start = new ProcessStartInfo("dotnet", [program, "--store", store]);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        members.Add((store, Process.Start(start)
            ?? throw new InvalidOperationException($"{program} did not start.")));
    }
}
