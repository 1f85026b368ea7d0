using Projections;
using ServiceDefaults;

namespace QueryApi.Tests.Running;

/// <summary>
/// The projections of one store, as their service runs them, without the bus: they follow the log by themselves.
/// </summary>
internal static class RunningProjections
{
    public static async Task<WebApplication> Start(
        string store, Connections connections, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder([.. connections.AsArguments(), $"--store={store}"]);
        builder.AddDatabase("commerce");
        builder.AddProjections(builder.Configuration.RequireStore());
        var app = builder.Build();
        await app.StartAsync(cancellationToken);
        return app;
    }
}
