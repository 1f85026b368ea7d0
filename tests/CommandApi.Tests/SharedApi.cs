using Servers;

namespace CommandApi.Tests;

/// <summary>
/// One running API for all tests that do not take its servers away; each test has a tenant of its own.
/// </summary>
public sealed class SharedApi : IAsyncDisposable
{
    private readonly Lock gate = new();
    private Task<RunningApi>? start;

    /// <summary>The servers it runs on.</summary>
    public TestServers Servers { get; } = new();

    /// <summary>Starts it for whoever comes first.</summary>
    internal Task<RunningApi> Get()
    {
        lock (gate)
            return start ??= RunningApi.Start(Servers);
    }

    public async ValueTask DisposeAsync()
    {
        if (start is not null)
            await (await start).DisposeAsync();
        await Servers.DisposeAsync();
    }
}
