using System.Reflection;
using QueryApi.Catalog.Search;
using QueryApi.Consistency;
using QueryApi.Ordering;
using QueryApi.Paging;
using QueryApi.Stores;
using ServiceDefaults.Http;

namespace QueryApi;

/// <summary>Puts the query API together.</summary>
internal static class QueryApiExtensions
{
    public static WebApplicationBuilder AddQueryApi(this WebApplicationBuilder builder)
    {
        var settings = builder.Configuration.GetSection(QueryApiSettings.Section).Get<QueryApiSettings>() ?? new();
        var services = builder.Services;
        services.AddSingleton(settings);
        services.AddSingleton<QueryMetrics>();

        services.AddSingleton(new Freshness(settings.MaxWaiting));
        services.AddHostedService<CheckpointFeed>();
        services.AddSingleton<Answers>();
        services.AddSingleton(provider => new Cursors(CursorKey.Read(
            provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<ILogger<Cursors>>())));

        ReadModels.Add(builder);
        services.AddSingleton<RedisModels>();
        services.AddHealthChecks().AddCheck<RedisCheck>(RedisModels.Name);
        services.AddSingleton<LiveOrders>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveOrders>());
        builder.AddSearch();

        builder.AddHttpApi(new HttpApiOptions
        {
            Title = "Query API",
            Description = "Reads the read models. Every answer says how fresh it is; headers ask for more.",
            HeaderOf = property => property.GetCustomAttribute<FromHeaderAttribute>()?.HeaderName,
        });
        services.AddFastEndpoints(discovery =>
        {
            discovery.Assemblies = [typeof(QueryApiExtensions).Assembly];
            discovery.DisableAutoDiscovery = true;
        });
        return builder;
    }

    public static WebApplication UseQueryApi(this WebApplication app)
    {
        app.UseFastEndpoints(endpoints =>
        {
            endpoints.Endpoints.ShortNames = true;
            endpoints.Binding.FailureMessage = (type, _, value) => $"must be {JsonWords.For(type)}, was '{value}'";
            endpoints.Errors.ProducesMetadataType = typeof(HttpValidationProblemDetails);
            endpoints.Errors.ResponseBuilder = (failures, context, status) => Problem.Invalid(
                context, status, failures.Select(failure => (failure.PropertyName, failure.ErrorMessage)));
        });
        return app;
    }

    private static void AddSearch(this WebApplicationBuilder builder)
    {
        if (builder.Configuration.GetConnectionString(ElasticsearchClient.Name) is { Length: > 0 } address)
        {
            builder.Services.AddHttpClient<ElasticsearchClient>(
                http => ElasticsearchClient.Configure(http, new Uri(address)));
            builder.Services.AddTransient<IProductSearch, ElasticsearchProductSearch>();
        }
        else
        {
            builder.Services.AddSingleton<IProductSearch, PostgresProductSearch>();
        }
    }
}
