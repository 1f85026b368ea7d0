using System.Reflection;
using QueryApi.Caching;
using QueryApi.Catalog.Search;
using QueryApi.Consistency;
using QueryApi.Ordering;
using QueryApi.Paging;
using QueryApi.Stores;
using ServiceDefaults;
using ServiceDefaults.Http;

namespace QueryApi;

/// <summary>The query API: reads the read models, and says of every answer how fresh it is. It cannot write.</summary>
internal static class QueryApiService
{
    /// <summary>Puts the service together; running it is the caller's.</summary>
    public static WebApplication Create(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults();
        var settings = builder.Configuration.GetSection(QueryApiSettings.Section).Get<QueryApiSettings>() ?? new();
        builder.Services.AddSingleton(settings);
        builder.AddStores(settings);
        builder.AddConsistency(settings);
        builder.AddCaches();
        builder.AddHttpApi(new HttpApiOptions
        {
            Title = "Commerce queries",
            Description = "Everything that can be asked. Every answer says how fresh it is (Read-Position, "
                + "Staleness-Ms); send Consistency-Token to see what a command did, Max-Staleness to limit the age.",
            HeaderOf = property => property.GetCustomAttribute<FromHeaderAttribute>()?.HeaderName,
        });
        builder.Services.AddFastEndpoints(discovery =>
        {
            discovery.Assemblies = [typeof(QueryApiService).Assembly];
            discovery.DisableAutoDiscovery = true;
        });

        var app = builder.Build();
        app.UseMiddleware<RefuseLostTokens>();
        // First of all, so that an answer from memory costs next to nothing; routing by hand, or it would come before.
        app.UseMiddleware<ServeCached>();
        app.UseHttpApi();
        app.UseRouting();
        app.MapDefaultEndpoints();
        app.UseFastEndpoints(Configure);
        return app;
    }

    private static void Configure(Config config)
    {
        config.Endpoints.ShortNames = true;
        config.Binding.FailureMessage = (type, _, value) => $"must be {JsonWords.For(type)}, was '{value}'";
        config.Errors.ProducesMetadataType = typeof(HttpValidationProblemDetails);
        config.Errors.ResponseBuilder = (failures, context, status) => Problem.Invalid(
            context, status, failures.Select(failure => (failure.PropertyName, failure.ErrorMessage)));
    }

    private static void AddConsistency(this WebApplicationBuilder builder, QueryApiSettings settings)
    {
        builder.Services.AddSingleton<QueryMetrics>();
        builder.Services.AddSingleton(new Freshness(settings.MaxWaiting));
        builder.Services.AddHostedService<CheckpointFeed>();
        builder.Services.AddSingleton<LostPositions>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<LostPositions>());
        builder.Services.AddSingleton<ModelReads>();
        builder.Services.AddSingleton<CachedReads>();
        builder.Services.AddSingleton<Answers>();
        builder.Services.AddSingleton<LiveOrders>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<LiveOrders>());
        builder.Services.AddSingleton<CursorKey>();
        builder.Services.AddSingleton(provider => new Cursors(
            provider.GetRequiredService<CursorKey>(), settings.CursorLifetime, TimeProvider.System));
    }

    private static void AddCaches(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Changes>();
        builder.Services.AddHostedService<ChangeFeed>();
        builder.Services.AddSingleton<Validity>();
        builder.Services.AddSingleton<AnswerCache>();
        builder.Services.AddSingleton<SharedCacheName>();
        builder.Services.AddSingleton<SharedCache>();
    }

    private static void AddStores(this WebApplicationBuilder builder, QueryApiSettings settings)
    {
        ReadModels.Add(builder, settings.StoreTimeout);
        builder.Services.AddSingleton<CommerceLog>();
        builder.Services.AddSingleton<RedisModels>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<RedisModels>());
        builder.Services.AddHealthChecks().AddCheck<RedisCheck>(RedisModels.Name);
        if (builder.Configuration.GetConnectionString(ElasticsearchClient.Name) is { Length: > 0 } address)
        {
            builder.Services.AddHttpClient<ElasticsearchClient>(
                http => ElasticsearchClient.Configure(http, new Uri(address), settings.StoreTimeout));
            builder.Services.AddTransient<IProductSearch, ElasticsearchProductSearch>();
        }
        else
        {
            builder.Services.AddSingleton<IProductSearch, PostgresProductSearch>();
        }
    }
}
