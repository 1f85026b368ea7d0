using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Chaos.Operations;

public sealed record PackParcel(int Number) : ICommand;

/// <summary>Whether the handler can do its work.</summary>
public sealed class PackingMachine
{
    public bool Broken { get; set; } = true;
}

public sealed class PacksParcels(PackingMachine machine) : IHandleMessages<PackParcel>
{
    public async Task Handle(PackParcel message, IMessageHandlerContext context)
    {
        if (machine.Broken)
            throw new InvalidOperationException("The packing machine is broken.");
        var session = context.SynchronizedStorageSession.SqlPersistenceSession();
        // No unique key: a parcel packed twice shows.
        await using var pack = session.Connection.CreateCommand();
        pack.Transaction = session.Transaction;
        pack.CommandText = $"insert into packed (number) values ({message.Number})";
        await pack.ExecuteNonQueryAsync(context.CancellationToken);
    }
}

/// <summary>The endpoint whose messages fail, with an outbox and without retries of its own.</summary>
internal static class Packing
{
    public const string Endpoint = "Chaos.Packing";

    public static async Task<IHost> Start(string broker, string database, CancellationToken cancellationToken)
    {
        await using (var connection = new NpgsqlConnection(database))
        {
            await connection.OpenAsync(cancellationToken);
            await using var prepare = new NpgsqlCommand("create table packed (number int not null)", connection);
            await prepare.ExecuteNonQueryAsync(cancellationToken);
        }

        var configuration = new EndpointConfiguration(Endpoint);
        configuration.UseSerialization<SystemJsonSerializer>();
        configuration.EnableInstallers();
        configuration.SendFailedMessagesTo("error");
        configuration.AuditProcessedMessagesTo("audit");
        configuration.EnableOutbox();
        configuration.LimitMessageProcessingConcurrencyTo(8);
        configuration.AssemblyScanner().Disable = true;
        configuration.AddHandler<PacksParcels>();
        configuration.Recoverability().Immediate(i => i.NumberOfRetries(0)).Delayed(d => d.NumberOfRetries(0));
        configuration.UseTransport(new RabbitMQTransport(RoutingTopology.Conventional(QueueType.Quorum), broker));
        var persistence = configuration.UsePersistence<SqlPersistence>();
        persistence.ConnectionBuilder(() => new NpgsqlConnection(database));
        persistence.SqlDialect<SqlDialect.PostgreSql>();
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<PackingMachine>();
        builder.Services.AddNServiceBusEndpoint(configuration);
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return host;
    }
}
