using Npgsql;
using static EventStore.Tests.BasketEvents;

namespace EventStore.Tests;

/// <summary>
/// The classic of consistency across streams: a course has so many seats, a student takes so many courses, and neither
/// is a stream's own rule (dcb.events).
/// </summary>
public sealed class CourseTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private const int Courses = 4;
    private const int Students = 12;
    private const int Seats = 5;
    private const int CoursesOfStudent = 2;

    private static readonly Fold<int> Taken = new("taken", 0, static (taken, e) => e is ItemAdded ? taken + 1 : taken - 1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Neither_seats_nor_courses_are_ever_overbooked_however_many_subscribe_at_once()
    {
        var run = NewStream("run");
        await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(() => Subscribe(run, caller))));

        for (var course = 0; course < Courses; course++)
            await AssertNeverOver(CourseTag(run, course), Seats);
        for (var student = 0; student < Students; student++)
            await AssertNeverOver(StudentTag(run, student), CoursesOfStudent);
        // 24 places are wanted, 20 there: whoever was refused was refused for a reason.
        var taken = 0;
        for (var course = 0; course < Courses; course++)
            taken += await Count(CourseTag(run, course));
        Assert.InRange(taken, 1, Courses * Seats);
    }

    private async Task Subscribe(string run, int caller)
    {
        var random = new Random(caller);
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancel);
        for (var attempt = 0; attempt < 25; attempt++)
        {
            var (course, student) = (CourseTag(run, random.Next(Courses)), StudentTag(run, random.Next(Students)));
            var seats = await database.Store.Load(new LogFilter(Tags: [course]), Taken, Cancel);
            var courses = await database.Store.Load(new LogFilter(Tags: [student]), Taken, Cancel);
            var leaves = random.Next(4) == 0 && courses.State > 0 && seats.State > 0;
            if (!leaves && (seats.State >= Seats || courses.State >= CoursesOfStudent))
                continue;
            if (leaves && await Both(course, student) <= 0)
                continue;
            object decided = leaves ? new ItemRemoved("place") : new ItemAdded("place", 1, 0);
            var request = new AppendRequest(
                [new StreamAppend(NewStream(run), ExpectedVersion.NoStream, [new Tagged(decided, [course, student])])],
                Metadata(),
                Conditions: [seats.Unchanged, courses.Unchanged]);
            if (caller % 2 == 0)
                await database.Store.Append(request, Cancel);
            else
                await AppendJoined(connection, request, rollBack: random.Next(5) == 0);
        }
    }

    private async Task AppendJoined(NpgsqlConnection connection, AppendRequest request, bool rollBack)
    {
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await database.Store.Append(request, transaction, Cancel);
        await Task.Delay(1, Cancel);
        await (rollBack ? transaction.RollbackAsync(Cancel) : transaction.CommitAsync(Cancel));
    }

    private async Task<int> Both(string course, string student) =>
        (await database.Store.Load(new LogFilter(Tags: [course, student]), Taken, Cancel)).State;

    private async Task<int> Count(string tag) =>
        (await database.Store.Load(new LogFilter(Tags: [tag]), Taken, Cancel)).State;

    /// <summary>At no moment of the log, not only at its end.</summary>
    private async Task AssertNeverOver(string tag, int most)
    {
        var taken = 0;
        await foreach (var e in database.Store.ReadLog(0, new LogFilter(Tags: [tag]), cancellationToken: Cancel))
        {
            taken = Taken.Evolve(taken, e.Data);
            Assert.InRange(taken, 0, most);
        }
    }

    private static string CourseTag(string run, int course) => $"course:{run}/{course}";

    private static string StudentTag(string run, int student) => $"student:{run}/{student}";
}
