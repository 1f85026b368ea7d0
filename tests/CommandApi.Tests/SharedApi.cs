using Servers;

namespace CommandApi.Tests;

/// <summary>One running API for all tests that do not take its servers away; each test has a tenant of its own.</summary>
public sealed class SharedApi(TestServers servers) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private Task<RunningApi>? start;

    /// <summary>Starts it for whoever comes first.</summary>
    internal Task<RunningApi> Get()
    {
        lock (gate)
            return start ??= RunningApi.Start(servers);
    }

    public async ValueTask DisposeAsync()
    {
        if (start is not null)
            await (await start).DisposeAsync();
    }
}
