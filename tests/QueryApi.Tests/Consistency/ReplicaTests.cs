using System.Globalization;
using System.Net;
using Npgsql;
using QueryApi.Tests.Running;

namespace QueryApi.Tests.Consistency;

/// <summary>
/// Reads from a replica that does not get on: a copy of the read models, which stands still while the primary server
/// goes on telling of new checkpoints.
/// </summary>
public sealed class ReplicaTests(RunningCommerce commerce)
{
    private readonly Shop shop = new(RunningCommerce.NewTenant());

    [Fact]
    public async Task A_replica_that_lags_says_so_and_no_token_is_taken_for_reached()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var then = await commerce.Append(shop.Registered("LAMP-1"));
        (await commerce.Api.Send("/products/LAMP-1", shop.Tenant, then)).Dispose();
        await using var api = await RunningQueryApi.Start(
            commerce.Connections with { Commerce = "" }, cancellationToken,
            $"--ConnectionStrings:readmodels-replica={await Copy(commerce.Connections.ReadModels, cancellationToken)}");
        using var before = await api.Send("/products/LAMP-1", shop.Tenant, then);

        var later = await commerce.Append(shop.Registered("LAMP-2"));
        (await commerce.Api.Send("/products/LAMP-2", shop.Tenant, later)).Dispose();
        using var behind = await api.Send("/products/LAMP-2", shop.Tenant, later, ("Consistency-Timeout", "0.5"));
        using var tooOld = await api.Send(
            "/products/LAMP-1?fresh", shop.Tenant, null, ("Max-Staleness", "1ms"), ("Consistency-Timeout", "0.2"));
        using var after = await api.Send("/products/LAMP-1?again", shop.Tenant);

        Assert.Contains($"{later}", await behind.Detail(HttpStatusCode.ServiceUnavailable), StringComparison.Ordinal);
        await tooOld.Problem(HttpStatusCode.ServiceUnavailable);
        Assert.InRange(Number(after, "Read-Position"), then, later - 1);
        Assert.InRange(Number(after, "Staleness-Ms"), Number(before, "Staleness-Ms") + 1, long.MaxValue);
    }

    private static long Number(HttpResponseMessage response, string header)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return long.Parse(response.Headers.GetValues(header).Single(), CultureInfo.InvariantCulture);
    }

    /// <summary>Dumps and restores the views that readers see, in one transaction of the source.</summary>
    private static async Task<string> Copy(string source, CancellationToken cancellationToken)
    {
        var name = $"copy_{Guid.NewGuid():N}";
        await using var original = NpgsqlDataSource.Create(source);
        await using (var create = original.CreateCommand($"CREATE DATABASE {name}"))
            await create.ExecuteNonQueryAsync(cancellationToken);
        var copied = new NpgsqlConnectionStringBuilder(source) { Database = name }.ConnectionString;
        await using var copy = NpgsqlDataSource.Create(copied);
        await using var reading = await original.OpenConnectionAsync(cancellationToken);
        await using var snapshot = await reading.BeginTransactionAsync(
            System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        await using var writing = await copy.OpenConnectionAsync(cancellationToken);
        await Run(writing, "CREATE EXTENSION IF NOT EXISTS pg_trgm; CREATE SCHEMA read; GRANT USAGE ON SCHEMA read TO cqrs_reader");
        foreach (var view in new[] { "checkpoints", "products", "cursor_key" })
        {
            await using var columns = new NpgsqlCommand(
                """
                SELECT string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attnum)
                FROM pg_attribute WHERE attrelid = ('read.' || $1)::regclass AND attnum > 0
                """,
                reading);
            columns.Parameters.Add(new NpgsqlParameter { Value = view });
            await Run(writing, $"CREATE TABLE read.{view} ({await columns.ExecuteScalarAsync(cancellationToken)})");
            await using var output = await reading.BeginRawBinaryCopyAsync(
                $"COPY (SELECT * FROM read.{view}) TO STDOUT BINARY", cancellationToken);
            await using var input = await writing.BeginRawBinaryCopyAsync(
                $"COPY read.{view} FROM STDIN BINARY", cancellationToken);
            await output.CopyToAsync(input, cancellationToken);
        }

        await Run(writing, "GRANT SELECT ON ALL TABLES IN SCHEMA read TO cqrs_reader");
        return copied;

        async Task Run(NpgsqlConnection connection, string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
