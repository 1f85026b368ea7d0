namespace Servers;

/// <summary>A server that starts when it is first asked for, in an application of its own.</summary>
internal sealed class LazyServer(string name, Action<IDistributedApplicationBuilder> describe)
{
    /// <summary>Long enough to install a missing server.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(10);

    private readonly Lock gate = new();
    private Task<TestServer>? start;

    public Task<TestServer> Get(CancellationToken cancellationToken)
    {
        lock (gate) start ??= Start();
        return start.WaitAsync(cancellationToken);
    }

    public async Task Stop()
    {
        Task<TestServer>? started;
        lock (gate) started = start;
        if (started is null) return;
        // A start that failed has cleaned up after itself and was reported to whoever asked.
        await started.ContinueWith(_ => { }, TaskScheduler.Default);
        if (started.IsCompletedSuccessfully) await (await started).DisposeAsync();
    }

    private async Task<TestServer> Start()
    {
        using var limit = new CancellationTokenSource(StartLimit);
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            AssemblyName = typeof(LazyServer).Assembly.GetName().Name,
            DisableDashboard = true,
        });
        describe(builder);
        var application = builder.Build();
        try
        {
            await application.StartAsync(limit.Token);
            await application.ResourceNotifications.WaitForResourceHealthyAsync(name, limit.Token);
            var connectionString = await application.GetConnectionStringAsync(name, limit.Token)
                ?? throw new InvalidOperationException($"The server '{name}' has no connection string.");
            return new TestServer(application, name, connectionString);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }
}
