using CommandLog;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace CommandApi.Tests;

public sealed class CommandLogTests(SharedApi shared) : IAsyncLifetime
{
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(30);
    private const string Tenant = "demo";

    private readonly List<Guid> sent = [];
    private NpgsqlDataSource database = null!;
    private IHost host = null!;
    private ICommandLog log = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = NpgsqlDataSource.Create(await shared.Servers.NewDatabase(Token));
        host = await StartHost(_ => { });
        log = host.Services.GetRequiredService<ICommandLog>();
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(CancellationToken.None);
        host.Dispose();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task An_accepted_command_is_noted_and_sent_once()
    {
        var id = Guid.CreateVersion7();
        var accepted = Assert.IsType<Accepted>(await Accept(new(id, Tenant, "PlaceOrder")));
        Assert.Equal(CommandState.Accepted, accepted.Status.State);
        Assert.Equal([id], sent);
        Assert.Equal(accepted.Status, await log.Find(Tenant, id, Token));
    }

    [Fact]
    public async Task A_command_that_could_not_be_sent_leaves_nothing_behind()
    {
        var command = new NewCommand(Guid.CreateVersion7(), Tenant, "PlaceOrder", Key("order-1", 1));
        await Assert.ThrowsAsync<IOException>(
            () => log.Accept(command, (_, _) => throw new IOException("the broker is away"), cancellationToken: Token));
        Assert.Null(await log.Find(Tenant, command.CommandId, Token));
        // The key is free too: another body may have it now.
        Assert.IsType<Accepted>(await Accept(command with { Key = Key("order-1", 2) }));
    }

    [Fact]
    public async Task Another_tenant_does_not_see_a_command()
    {
        var id = Guid.CreateVersion7();
        await Accept(new(id, Tenant, "PlaceOrder"));
        Assert.Null(await log.Find("other", id, Token));
        Assert.Null(await log.Find(Tenant, Guid.CreateVersion7(), Token));
    }

    [Fact]
    public async Task The_same_key_and_body_while_only_accepted_sends_the_first_command_again()
    {
        var first = new NewCommand(Guid.CreateVersion7(), Tenant, "PlaceOrder", Key("order-1", 1));
        await Accept(first);
        var again = await Accept(first with { CommandId = Guid.CreateVersion7() });
        Assert.Equal(first.CommandId, Assert.IsType<Accepted>(again).Status.CommandId);
        Assert.Equal([first.CommandId, first.CommandId], sent);
    }

    [Fact]
    public async Task The_same_key_and_body_when_done_gives_the_outcome_and_sends_nothing()
    {
        var command = new NewCommand(Guid.CreateVersion7(), Tenant, "PlaceOrder", Key("order-1", 1));
        await Accept(command);
        await Record(new CommandCompleted(command.CommandId, Tenant, "PlaceOrder", 4711));
        var again = Assert.IsType<Accepted>(await Accept(command));
        Assert.Equal((CommandState.Completed, 4711), (again.Status.State, again.Status.Token));
        Assert.Single(sent);
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_a_conflict()
    {
        var command = new NewCommand(Guid.CreateVersion7(), Tenant, "PlaceOrder", Key("order-1", 1));
        await Accept(command);
        var other = await Accept(command with { Key = Key("order-1", 2) });
        Assert.Equal(new KeyReused("order-1", command.CommandId), other);
        Assert.Single(sent);
    }

    [Fact]
    public async Task The_same_key_of_another_tenant_is_another_key()
    {
        var command = new NewCommand(Guid.CreateVersion7(), Tenant, "PlaceOrder", Key("order-1", 1));
        await Accept(command);
        var id = Guid.CreateVersion7();
        var other = await Accept(command with { CommandId = id, Tenant = "other", Key = Key("order-1", 2) });
        Assert.Equal(id, Assert.IsType<Accepted>(other).Status.CommandId);
    }

    [Fact]
    public async Task The_same_key_many_times_at_once_is_one_command()
    {
        var commands = Enumerable.Range(0, 12)
            .Select(_ => new NewCommand(Guid.CreateVersion7(), Tenant, "PlaceOrder", Key("order-1", 1)));
        var results = await Task.WhenAll(commands.Select(command => Accept(command)));
        var ids = results.Select(result => Assert.IsType<Accepted>(result).Status.CommandId);
        Assert.Single(ids.Distinct());
        Assert.Single(sent.Distinct());
    }

    [Fact]
    public async Task An_outcome_counts_even_where_the_note_of_acceptance_was_lost()
    {
        var command = new NewCommand(Guid.CreateVersion7(), Tenant, "PlaceOrder", Key("order-1", 1));
        await Record(new CommandRejected(command.CommandId, Tenant, "PlaceOrder", "order-minimum-total", "too little"));
        var accepted = Assert.IsType<Accepted>(await Accept(command));
        Assert.Equal("order-minimum-total", accepted.Status.Rule);
        Assert.Empty(sent);
    }

    [Fact]
    public async Task An_outcome_stands_only_if_the_handlers_transaction_commits()
    {
        var id = Guid.CreateVersion7();
        await Accept(new(id, Tenant, "PlaceOrder"));
        await using (var connection = await database.OpenConnectionAsync(Token))
        await using (var transaction = await connection.BeginTransactionAsync(Token))
            await log.Record(connection, transaction, new CommandCompleted(id, Tenant, "PlaceOrder", 1), Token);
        Assert.Equal(CommandState.Accepted, (await log.Find(Tenant, id, Token))?.State);
    }

    [Fact]
    public async Task A_failure_gives_way_to_a_later_outcome_and_a_final_outcome_to_none()
    {
        var id = Guid.CreateVersion7();
        await Record(new CommandFailed(id, Tenant, "PlaceOrder", "division by zero"));
        Assert.Equal("division by zero", (await log.Find(Tenant, id, Token))?.Message);
        await Record(new CommandCompleted(id, Tenant, "PlaceOrder", null));
        await Record(new CommandFailed(id, Tenant, "PlaceOrder", "late"));
        var status = await log.Find(Tenant, id, Token);
        Assert.Equal((CommandState.Completed, null, null), (status!.State, status.Token, status.Message));
        Assert.NotNull(status.CompletedAt);
    }

    [Fact]
    public async Task Who_waits_is_woken_when_the_outcome_commits()
    {
        var id = Guid.CreateVersion7();
        await Accept(new(id, Tenant, "PlaceOrder"));
        var waits = Enumerable.Range(0, 3).Select(_ => log.WaitUntilDone(id, Generous, Token)).ToList();
        await Record(new CommandCompleted(id, Tenant, "PlaceOrder", 9));
        Assert.All(await Task.WhenAll(waits), status => Assert.Equal(9, status?.Token));
    }

    [Fact]
    public async Task Who_accepts_may_wait_for_the_outcome_and_is_told_of_it_when_a_slow_handler_commits()
    {
        using var patient = await StartHost(options => options.PollInterval = TimeSpan.FromMinutes(10));
        var command = new NewCommand(Guid.CreateVersion7(), Tenant, "PlaceOrder");
        var handled = Task.CompletedTask;
        var accepted = await patient.Services.GetRequiredService<ICommandLog>().Accept(
            command,
            (id, _) =>
            {
                handled = Record(new CommandCompleted(id, Tenant, "PlaceOrder", 9), TimeSpan.FromMilliseconds(300));
                return Task.CompletedTask;
            },
            Generous,
            Token);
        await handled;
        Assert.Equal(9, Assert.IsType<Accepted>(accepted).Status.Token);
        await patient.StopAsync(Token);
    }

    [Fact]
    public async Task What_cannot_be_sent_in_time_leaves_nothing_behind()
    {
        using var hasty = await StartHost(options => options.AcceptWithin = TimeSpan.FromMilliseconds(500));
        var command = new NewCommand(Guid.CreateVersion7(), Tenant, "PlaceOrder", Key("order-1", 1));
        await Assert.ThrowsAsync<TimeoutException>(() => hasty.Services.GetRequiredService<ICommandLog>().Accept(
            command, (_, token) => Task.Delay(Generous, token), cancellationToken: Token));
        Assert.Null(await log.Find(Tenant, command.CommandId, Token));
        await hasty.StopAsync(Token);
    }

    [Fact]
    public async Task A_command_that_was_handled_although_sending_it_failed_keeps_its_outcome_and_its_key()
    {
        var command = new NewCommand(Guid.CreateVersion7(), Tenant, "PlaceOrder", Key("order-1", 1));
        await Assert.ThrowsAsync<IOException>(() => log.Accept(
            command,
            async (id, _) =>
            {
                await Record(new CommandCompleted(id, Tenant, "PlaceOrder", 9));
                throw new IOException("the broker was slow to confirm");
            },
            cancellationToken: Token));
        Assert.Equal(9, Assert.IsType<Accepted>(await Accept(command)).Status.Token);
        Assert.IsType<KeyReused>(await Accept(command with { Key = Key("order-1", 2) }));
    }

    [Fact]
    public async Task Who_waits_too_long_is_told_so()
    {
        var id = Guid.CreateVersion7();
        await Accept(new(id, Tenant, "PlaceOrder"));
        Assert.Null(await log.WaitUntilDone(id, TimeSpan.FromMilliseconds(50), Token));
    }

    [Fact]
    public async Task Past_the_most_that_may_wait_nobody_waits()
    {
        using var small = await StartHost(options => options.MaxWaiters = 0);
        var full = small.Services.GetRequiredService<ICommandLog>();
        Assert.Null(await full.WaitUntilDone(Guid.CreateVersion7(), Generous, Token));
        await small.StopAsync(Token);
    }

    [Fact]
    public async Task A_lost_connection_loses_no_wake_up()
    {
        var id = Guid.CreateVersion7();
        var wait = log.WaitUntilDone(id, Generous, Token);
        await using var kill = database.CreateCommand(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity "
            + "where datname = current_database() and application_name = 'commandlog-waiters'");
        await Until(async () => (long)(await kill.ExecuteScalarAsync(Token))! > 0);
        await Record(new CommandCompleted(id, Tenant, "PlaceOrder", 9));
        Assert.Equal(9, (await wait)?.Token);
    }

    [Fact]
    public async Task Several_instances_may_migrate_at_once_and_again()
    {
        await using var empty = NpgsqlDataSource.Create(await shared.Servers.NewDatabase(Token));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Migrator.Migrate(empty, Token)));
        await Migrator.Migrate(empty, Token);
        await using var count = empty.CreateCommand("select count(*) from commandlog.migrations");
        Assert.Equal(1L, await count.ExecuteScalarAsync(Token));
    }

    private static IdempotencyKey Key(string key, byte body) => new(key, new byte[] { body });

    private static async Task Until(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Generous);
        while (!await condition())
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
    }

    private Task Send(Guid commandId, CancellationToken cancellationToken)
    {
        lock (sent)
            sent.Add(commandId);
        return Task.CompletedTask;
    }

    /// <param name="slowly">How long the handler takes to commit.</param>
    private async Task Record(CommandOutcome outcome, TimeSpan slowly = default)
    {
        await using var connection = await database.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await log.Record(connection, transaction, outcome, Token);
        await Task.Delay(slowly, Token);
        await transaction.CommitAsync(Token);
    }

    private Task<AcceptResult> Accept(NewCommand command) => log.Accept(command, Send, cancellationToken: Token);

    private async Task<IHost> StartHost(Action<CommandLogOptions> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddKeyedSingleton("commerce", database);
        builder.Services.AddCommandLog("commerce", configure);
        var started = builder.Build();
        await started.StartAsync(Token);
        return started;
    }
}
