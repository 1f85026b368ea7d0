using System.Security.Cryptography;
using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests.Erasure;

/// <summary>Destroying a person's key erases what is personal, everywhere, and breaks nothing else.</summary>
public sealed class ErasureTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static int last;

    public sealed record Address(string Name, string? Street, string Country);

    public sealed record Guest(string Nickname, int? Age);

    public sealed record PartyPlanned(string Host, Address Where, IReadOnlyList<Guest> Guests, decimal Cost);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Fold<string> Names { get; } = new(
        "names", "", (names, e) => $"{names}{((PartyPlanned)e).Where.Name},{((PartyPlanned)e).Cost};", SnapshotEvery: 1);

    [Fact]
    public async Task Personal_members_are_stored_sealed_and_read_as_they_were()
    {
        var (subject, stream) = New();
        var planned = Planned(subject);
        await Append(stream, planned);

        var stored = await Stored(stream);
        Assert.DoesNotContain("Ann", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("Kit", stored, StringComparison.Ordinal);
        Assert.Contains("\"country\":\"GB\"", stored, StringComparison.Ordinal);
        Assert.Contains("\"cost\":12.50", stored, StringComparison.Ordinal);
        await using var other = Store();
        Equal(planned, Assert.Single(await other.ReadStream(stream, cancellationToken: Cancel).All()).Data);
    }

    [Fact]
    public async Task An_erased_person_reads_as_erased_and_every_fold_still_works()
    {
        var (subject, stream) = New();
        var (kept, keptStream) = New();
        await Append(stream, Planned(subject), Planned(subject));
        await Append(keptStream, Planned(kept));

        var erased = await new SubjectErasure(database.DataSource).Erase(subject, "ann", "asked for it", Cancel);

        Assert.Equal((false, 2L), (erased!.Already, erased.Events));
        Assert.Equal([stream], erased.Streams);
        await using var store = Store();
        var read = await store.ReadStream(stream, cancellationToken: Cancel).All();
        var party = Assert.IsType<PartyPlanned>(read[0].Data);
        Assert.Equal(new Address("[erased]", "[erased]", "GB"), party.Where);
        Assert.Equal([new Guest("[erased]", null)], party.Guests);
        Assert.Equal("[erased],12.50;[erased],12.50;", await Load(store, stream));
        Assert.Equal("Ann,12.50;", await Load(store, keptStream));
    }

    [Fact]
    public async Task Erasing_again_changes_nothing_and_an_unknown_person_is_none()
    {
        var (subject, stream) = New();
        await Append(stream, Planned(subject));
        var erasure = new SubjectErasure(database.DataSource);
        var first = await erasure.Erase(subject, "ann", "asked for it", Cancel);
        var again = await erasure.Erase(subject, "bob", "asked twice", Cancel);

        Assert.Equal(first! with { Already = true, Streams = again!.Streams }, again);
        Assert.Equal("ann", await database.Ask<string>(
            $"select destroyed_by from eventstore.subject_keys where subject = '{subject}'"));
        Assert.Null(await erasure.Erase("nobody", "ann", cancellationToken: Cancel));
        Assert.Null(await erasure.Preview("nobody", Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => erasure.Erase("a\0b", "ann", cancellationToken: Cancel));
    }

    [Fact]
    public async Task What_is_appended_about_an_erased_person_is_stored_as_erased()
    {
        var (subject, stream) = New();
        await Append(stream, Planned(subject));
        await new SubjectErasure(database.DataSource).Erase(subject, "ann", cancellationToken: Cancel);

        await Append(stream, Planned(subject));

        await using var store = Store();
        Assert.Equal("[erased],12.50;[erased],12.50;", await Load(store, stream));
        Assert.Equal(0L, await database.Ask<long>(
            $"select count(*) from eventstore.subject_keys where subject = '{subject}' and key is not null"));
    }

    [Fact]
    public async Task A_process_that_remembers_the_key_forgets_it_when_its_lifetime_is_over()
    {
        var (subject, stream) = New();
        await Append(stream, Planned(subject));
        await using var remembers = Store(new EventStoreOptions { SubjectKeyLifetime = TimeSpan.FromMilliseconds(50) });
        Assert.Equal("Ann,12.50;", await Load(remembers, stream));

        await new SubjectErasure(database.DataSource).Erase(subject, "ann", cancellationToken: Cancel);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (await Load(remembers, stream) != "[erased],12.50;")
            await Task.Delay(10, limit.Token);
    }

    [Fact]
    public async Task No_snapshot_keeps_personal_data_unless_the_fold_keeps_none()
    {
        var (subject, stream) = New();
        await Append(stream, Planned(subject));
        await using (var store = Store())
        {
            await Load(store, stream);
            await store.Load(
                [stream],
                new Fold<decimal>("cost", 0, (sum, e) => sum + ((PartyPlanned)e).Cost, SnapshotEvery: 1)
                {
                    KeepsPersonalData = false,
                },
                cancellationToken: Cancel);
        }
        Assert.Equal("cost", await database.Ask<string>(
            "select string_agg(fold, ',') from eventstore.snapshots as n "
            + $"join eventstore.streams as s on s.id = n.stream_id where s.stream = '{stream}'"));
    }

    [Fact]
    public async Task Events_about_nobody_are_stored_legibly_and_make_no_key()
    {
        var stream = NewStream("party");
        await Append(stream, Planned(""));
        Assert.Contains("Ann", await Stored(stream), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_encryption_key_keeps_keys_from_whoever_has_the_database_alone()
    {
        var (subject, stream) = New();
        var current = new KeyEncryptionKey("2026-03", RandomNumberGenerator.GetBytes(32));
        await using (var store = Store(new EventStoreOptions { KeyEncryptionKeys = [current] }))
            await Append(store, stream, Planned(subject));

        var next = new KeyEncryptionKey("2026-09", RandomNumberGenerator.GetBytes(32));
        await using var rotated = Store(new EventStoreOptions { KeyEncryptionKeys = [next, current] });
        Assert.Equal("Ann,12.50;", await Load(rotated, stream));
        await using var without = Store();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Load(without, stream));
        Assert.Contains("2026-03", error.Message, StringComparison.Ordinal);
        await using var wrong = Store(new EventStoreOptions
        {
            KeyEncryptionKeys = [current with { Secret = RandomNumberGenerator.GetBytes(32) }],
        });
        await Assert.ThrowsAsync<InvalidOperationException>(() => Load(wrong, stream));
    }

    [Fact]
    public async Task A_sealed_member_moved_to_another_place_does_not_open()
    {
        var (subject, stream) = New();
        await Append(stream, Planned(subject));
        await database.Execute(
            $$"""
            update eventstore.events
            set data = jsonb_set(data::jsonb, '{where,street}', data::jsonb #> '{where,name}')::json
            where stream = '{{stream}}'
            """);
        await using var store = Store();
        var error = await Assert.ThrowsAsync<EventDataException>(() => Load(store, stream));
        Assert.Contains("where.street", error.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// The format is stored for good. The ciphertext is another implementation's: key 07…, nonce 01….
    /// </summary>
    [Fact]
    public async Task Data_in_the_stored_format_opens_whoever_sealed_it()
    {
        var (subject, stream) = New();
        await Append(stream, Planned(subject) with { Guests = [] });
        var id = await database.Ask<long>($"select id from eventstore.subject_keys where subject = '{subject}'");
        await database.Execute(
            $"update eventstore.subject_keys set key = decode(repeat('07', 32), 'hex') where id = {id}");
        const string Sealed = "AQEBAQEBAQEBAQEBVKDn2bJYipmtteUVbj/A3Vm67WA1";
        await database.Execute(
            $$"""
            update eventstore.events set data = '{"host":"{{subject}}","where":{"name":{"$sealed":"s.{{id}}.{{Sealed}}"},"country":"GB"},"guests":[],"cost":1}'
            where stream = '{{stream}}'
            """);
        await using var store = Store();
        Assert.Equal("Ann,1;", await Load(store, stream));
    }

    private static (string Subject, string Stream) New() =>
        ($"guest/{Interlocked.Increment(ref last)}", NewStream("party"));

    private static PartyPlanned Planned(string host) =>
        new(host, new Address("Ann", "1 High Street", "GB"), [new Guest("Kit", 30)], 12.50m);

    private static void Equal(PartyPlanned expected, object actual)
    {
        var party = Assert.IsType<PartyPlanned>(actual);
        Assert.Equal(expected.Guests, party.Guests);
        Assert.Equal(expected with { Guests = party.Guests }, party);
    }

    private static EventTypes Parties() => new EventTypes()
        .Map<PartyPlanned>("party-planned")
        .Personal(
            "party-planned",
            e => ((PartyPlanned)e).Host is { Length: > 0 } host ? host : null,
            "where.name", "where.street", "guests.nickname", "guests.age");

    private PostgresEventStore Store(EventStoreOptions? options = null) => new(database.DataSource, Parties(), options);

    private async Task Append(string stream, params object[] events)
    {
        await using var store = Store();
        await Append(store, stream, events);
    }

    private static async Task Append(PostgresEventStore store, string stream, params object[] events) =>
        Assert.IsType<Appended>(await store.Append(
            new AppendRequest([new StreamAppend(stream, ExpectedVersion.Any, events)], Metadata()), Cancel));

    private static async Task<string> Load(PostgresEventStore store, string stream) =>
        (await store.Load([stream], Names, cancellationToken: Cancel))[stream].State;

    private Task<string> Stored(string stream) => database.Ask<string>(
        $"select string_agg(data::text, '') from eventstore.events where stream = '{stream}'");
}
