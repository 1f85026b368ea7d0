using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Commerce.Contracts;
using EventStore;

namespace Commerce.EventLog.Tests;

/// <summary>
/// Every version of every event that was ever written stays readable, and no stored shape changes unnoticed.
/// docs/event-evolution.md says what to do when one of these fails.
/// </summary>
public class GoldenFileTests
{
    private static readonly EventJson Json = new(CommerceEvents.Types());

    [Fact]
    public void Every_version_of_every_event_has_a_golden_file()
    {
        var wanted = EventCatalog.All.SelectMany(known =>
            Enumerable.Range(1, known.SchemaVersion).Select(version => $"{known.Name}.{version}.json"));
        Assert.Empty(wanted.Except(GoldenFile.All.Select(file => file.ToString())));
    }

    [Fact]
    public void The_current_shape_of_an_event_is_that_of_its_golden_file()
    {
        Assert.All(Current(), pair =>
        {
            // Strictly: a member that was renamed or dropped is unknown to the type, and fails here.
            var @event = Json.Read(pair.Known.Name, Utf8(pair.File.Stored));
            AssertSame(pair.File.Stored, JsonNode.Parse(Json.Write(@event).Span), pair.File);
        });
    }

    [Fact]
    public void A_golden_file_has_every_member_that_its_type_stores()
    {
        Assert.All(Current(), pair => AssertMembers(pair.File.Stored, pair.Known.Type, pair.File.ToString()));
    }

    [Fact]
    public void What_older_programs_wrote_reads_as_it_always_did()
    {
        var older = GoldenFile.All.Where(file => Current().All(pair => pair.File != file)).ToList();
        Assert.NotEmpty(older);
        Assert.All(older, file =>
        {
            var read = Json.ReadStored(file.Type, file.SchemaVersion, Utf8(file.Stored));
            Assert.DoesNotContain(read, @event => @event is UnknownEvent);
            JsonNode actual = read is [var one]
                ? JsonNode.Parse(Json.Write(one).Span)!
                : new JsonArray([.. read.Select(@event => JsonNode.Parse(Json.Write(@event).Span))]);
            Assert.NotNull(file.Reads);
            AssertSame(file.Reads, actual, file);
        });
    }

    [Fact]
    public void An_event_with_personal_members_says_whose_they_are()
    {
        var personal = Current().Where(pair => pair.Known.PersonalMembers.Count > 0).ToList();
        Assert.Equal(["order-placed", "shipment-requested"], personal.Select(pair => pair.Known.Name).Order());
        Assert.All(personal, pair =>
        {
            var @event = (ICommerceEvent)Json.Read(pair.Known.Name, Utf8(pair.File.Stored));
            Assert.StartsWith("customer/demo/", DataSubjects.Of(@event), StringComparison.Ordinal);
        });
    }

    private static IEnumerable<(EventName Known, GoldenFile File)> Current() =>
        from known in EventCatalog.All
        from file in GoldenFile.All
        where file.Type == known.Name && file.SchemaVersion == known.SchemaVersion
        select (known, file);

    private static void AssertSame(JsonNode expected, JsonNode? actual, GoldenFile file) => Assert.True(
        JsonNode.DeepEquals(expected, actual),
        $"{file}: the stored shape has changed. Expected\n{expected.ToJsonString()}\nwas\n{actual?.ToJsonString()}");

    private static void AssertMembers(JsonNode? node, Type type, string path)
    {
        if (node is JsonArray items)
        {
            Assert.True(items.Count > 0, $"{path} is empty: give it an item.");
            AssertMembers(items[0], type.GetGenericArguments()[0], $"{path}[0]");
            return;
        }
        if (node is not JsonObject data || type.Assembly != typeof(EventCatalog).Assembly)
            return;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            Assert.True(data[name] is not null, $"{path} lacks '{name}': the stored shape of {type.Name} has grown.");
            AssertMembers(data[name], property.PropertyType, $"{path}.{name}");
        }
    }

    private static byte[] Utf8(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node);
}
