using Projections.Tests;

namespace Chaos.Projections;

/// <summary>Projection processes as the app host starts them, two for each store.</summary>
internal sealed class Crew : IAsyncDisposable
{
    private readonly IReadOnlyList<ServiceProcess> members;

    private Crew(IReadOnlyList<ServiceProcess> members) => this.members = members;

    /// <summary>How many were killed.</summary>
    public int Deaths { get; private set; }

    public static Crew Start(
        ReadModelsHarness harness,
        string broker,
        Uri management,
        string redis,
        string? elasticsearch)
    {
        List<string> arguments =
        [
            $"--ConnectionStrings:commerce={harness.CommerceConnection}",
            $"--ConnectionStrings:readmodels={harness.ReadModelsConnection}",
            $"--ConnectionStrings:rabbitmq={broker}",
            $"--ConnectionStrings:redis={redis}",
            $"--services:rabbitmq:management:0={management.AbsoluteUri}",
            "--Logging:LogLevel:Default=None",
        ];
        if (elasticsearch is not null)
            arguments.Add($"--ConnectionStrings:elasticsearch={elasticsearch}");
        return new Crew(
        [
            .. new[] { "postgres", "postgres", "redis", "redis", "search", "search" }
                .Select(store => ServiceProcess.Start("Projections", [.. arguments, $"--store={store}"])),
        ]);
    }

    /// <summary>Ends a process with SIGKILL; another starts in its place.</summary>
    /// <param name="wait">Whether to wait for it: not while a server that it needs is away.</param>
    public async Task KillOne(Random random, bool wait, CancellationToken cancellationToken)
    {
        var victim = members[random.Next(members.Count)];
        victim.Kill();
        Deaths++;
        if (wait)
            await victim.WaitUntilUp(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in members)
            await member.DisposeAsync();
    }
}
