using EventStore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Projections.Engine;
using Projections.Engine.Control;
using Projections.Engine.Running;

namespace Projections.Bench;

/// <summary>One model, filled as its service fills it, in this process.</summary>
internal sealed class Instance : IAsyncDisposable
{
    private readonly IReadOnlyList<BackgroundService> services;

    private Instance(IReadOnlyList<BackgroundService> services) => this.services = services;

    public static async Task<Instance> Start(IReadModel model, IEventStore log, NpgsqlDataSource readModels)
    {
        var head = new Engine.Running.LogHead(log, NullLogger<Engine.Running.LogHead>.Instance);
        var feed = new LogFeed(log, model.EventTypes, NullLogger<LogFeed>.Instance);
        var control = new ControlRoom(readModels, head, NullLogger<ControlRoom>.Instance);
        var runner = new ProjectionRunner(
            model,
            new ProjectionEnvironment(log, feed, head, control, readModels, NullLogger<ProjectionRunner>.Instance));
        var instance = new Instance([head, feed, runner, control]);
        foreach (var service in instance.services)
            await service.StartAsync(CancellationToken.None);
        return instance;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in services.Reverse())
        {
            await service.StopAsync(CancellationToken.None);
            service.Dispose();
        }
    }
}
