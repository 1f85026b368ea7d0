using System.Net.Sockets;
using Npgsql;
using ServiceDefaults.Messaging;

namespace ServiceDefaults.Tests;

public sealed class StoreOutageTests
{
    [Fact]
    public void A_lost_connection_to_the_store_is_outlasted() =>
        Assert.True(StoreOutages.IsOutage(new NpgsqlException("connection refused", new SocketException(111))));

    [Fact]
    public void A_lost_connection_is_found_inside_other_exceptions() =>
        Assert.True(StoreOutages.IsOutage(new InvalidOperationException("append", new SocketException(111))));

    [Theory]
    [InlineData(PostgresErrorCodes.AdminShutdown)]
    [InlineData(PostgresErrorCodes.CannotConnectNow)]
    [InlineData(PostgresErrorCodes.TooManyConnections)]
    [InlineData(PostgresErrorCodes.ConnectionFailure)]
    public void A_server_that_cannot_serve_now_is_outlasted(string sqlState) =>
        Assert.True(StoreOutages.IsOutage(new PostgresException("no", "FATAL", "FATAL", sqlState)));

    [Theory]
    [InlineData(PostgresErrorCodes.UniqueViolation)]
    [InlineData(PostgresErrorCodes.SerializationFailure)]
    [InlineData(PostgresErrorCodes.DeadlockDetected)]
    [InlineData(PostgresErrorCodes.UndefinedTable)]
    public void An_error_of_the_statement_gets_the_ordinary_retries(string sqlState) =>
        Assert.False(StoreOutages.IsOutage(new PostgresException("no", "ERROR", "ERROR", sqlState)));

    [Fact]
    public void A_broken_handler_gets_the_ordinary_retries() =>
        Assert.False(StoreOutages.IsOutage(new ArgumentException("wrong")));

    [Fact]
    public void Retries_come_quickly_and_then_every_four_seconds() => Assert.Equal(
        [1, 2, 4, 4, 4], Enumerable.Range(0, 5).Select(performed => StoreOutages.Delay(performed).TotalSeconds));
}
