using System.Net.Http.Headers;
using System.Text;
using Npgsql;

namespace Servers;

/// <summary>
/// Real servers for tests: PostgreSQL, RabbitMQ, Redis and Elasticsearch, each started when a test first asks for it,
/// on free ports and with data that goes with the test process. Declare it once per test project as
/// <c>[assembly: AssemblyFixture(typeof(TestServers))]</c> and take it as a constructor argument in the test classes.
/// </summary>
public sealed class TestServers : IAsyncDisposable
{
    private static int lastDatabase;

    private readonly LazyServer postgres = new("postgres", builder => builder.AddPostgres("postgres"));
    private readonly LazyServer rabbitMQ = new(
        "rabbitmq", builder => builder.AddRabbitMQ("rabbitmq").WithManagementPlugin());
    private readonly LazyServer redis = new("redis", builder => builder.AddRedis("redis"));
    private readonly LazyServer elasticsearch = new("elasticsearch", builder =>
    {
        builder.Configuration["ELASTICSEARCH_COMMAND"] = ElasticsearchCommand.Path;
        builder.AddElasticsearch("elasticsearch");
    });

    /// <summary>
    /// Whether this machine has an Elasticsearch. Tests of Elasticsearch's own behavior turn to PostgreSQL where not.
    /// </summary>
    public static bool HasElasticsearch => ElasticsearchCommand.IsAvailable;

    /// <summary>
    /// What tells an app host where this machine's Elasticsearch is, as an argument on its command line; none where the
    /// app host finds it by itself or there is none.
    /// </summary>
    public static IReadOnlyList<string> ElasticsearchArguments =>
        ElasticsearchCommand.Path is { } path ? [$"--ELASTICSEARCH_COMMAND={path}"] : [];

    /// <summary>A server with no database of the test's own; see <see cref="NewDatabase"/>.</summary>
    public Task<TestServer> Postgres(CancellationToken cancellationToken) => postgres.Get(cancellationToken);

    /// <summary>
    /// A broker with its management plugin, at <c>Endpoint("management")</c>; see <see cref="NewVirtualHost"/>.
    /// </summary>
    public Task<TestServer> RabbitMQ(CancellationToken cancellationToken) => rabbitMQ.Get(cancellationToken);

    /// <summary>A server that all tests of the process share: give keys a prefix of the test's own.</summary>
    public Task<TestServer> Redis(CancellationToken cancellationToken) => redis.Get(cancellationToken);

    /// <summary>A node that all tests of the process share: give indices a prefix of the test's own.</summary>
    /// <exception cref="InvalidOperationException">
    /// This machine has none; see <see cref="HasElasticsearch"/>.
    /// </exception>
    public Task<TestServer> Elasticsearch(CancellationToken cancellationToken) => HasElasticsearch
        ? elasticsearch.Get(cancellationToken)
        : throw new InvalidOperationException(
            "No Elasticsearch here: set ELASTICSEARCH_COMMAND, or ask TestServers.HasElasticsearch first.");

    /// <summary>Makes an empty database (about 50 ms) and returns its connection string.</summary>
    public async Task<string> NewDatabase(CancellationToken cancellationToken)
    {
        var server = await Postgres(cancellationToken);
        var name = $"test_{Interlocked.Increment(ref lastDatabase)}";
        await using var connection = new NpgsqlConnection($"{server.ConnectionString};Database=postgres;Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
        return $"{server.ConnectionString};Database={name}";
    }

    /// <summary>Makes an empty virtual host and returns its connection string (<c>amqp://…/name</c>).</summary>
    public async Task<string> NewVirtualHost(CancellationToken cancellationToken)
    {
        var server = await RabbitMQ(cancellationToken);
        var name = $"test{Interlocked.Increment(ref lastDatabase)}";
        var login = Uri.UnescapeDataString(new Uri(server.ConnectionString).UserInfo);
        using var client = new HttpClient { BaseAddress = server.Endpoint("management") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(login)));
        using var made = await client.PutAsync($"api/vhosts/{name}", content: null, cancellationToken);
        made.EnsureSuccessStatusCode();
        return $"{server.ConnectionString.TrimEnd('/')}/{name}";
    }

    /// <summary>Stops what was started.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(postgres.Stop(), rabbitMQ.Stop(), redis.Stop(), elasticsearch.Stop());
    }
}
