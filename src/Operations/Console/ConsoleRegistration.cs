using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using Operations.Console.Events;
using Operations.Console.Live;
using Operations.Console.Projections;
using Operations.Security;
using ServiceDefaults;

namespace Operations.Console;

/// <summary>The console page: what the system does at the moment, and what an operator can do about it.</summary>
internal static class ConsoleRegistration
{
    /// <summary>Adds what the page reads and does. Without the read models' database the page says so.</summary>
    public static void AddConsole(this WebApplicationBuilder builder)
    {
        if (builder.Configuration.GetConnectionString(ReadModels.Database) is { Length: > 0 })
            builder.AddDatabase(ReadModels.Database);
        builder.Services.AddSingleton(services =>
            new ReadModels(services.GetKeyedService<NpgsqlDataSource>(ReadModels.Database)));
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ProjectionActions>();
        builder.Services.AddSingleton<EventBrowser>();
        builder.Services.AddSingleton<WatchedSystem>();
        builder.Services.AddSingleton<SnapshotReader>();
        builder.Services.AddSingleton<LiveFeed>();
        builder.Services.AddHostedService(services => services.GetRequiredService<LiveFeed>());
        builder.Services.AddSingleton<PageFiles>();
    }

    /// <summary>Maps the page and its calls below <c>/console</c>.</summary>
    public static void MapConsole(this WebApplication app)
    {
        var console = app.MapGroup("/console").AddEndpointFilter(PageSecurity.OnlyFromThePage);
        console.MapPage();
        console.MapSignIn();
        console.MapLive();
        console.MapProjections();
        console.MapEvents();
        console.MapDone();
    }
}
