using System.Text;
using EventStore.Erasure;

namespace EventStore.Tests.Erasure;

public sealed class OpenedJsonTests
{
    private static readonly SubjectKey[] Destroyed = [new SubjectKey(7, Secret: null)];

    [Theory]
    [InlineData("""{"a":{"$sealed":"o.7."},"b":1}""", """{"b":1}""")]
    [InlineData("""{"a":1,"b":{"$sealed":"o.7."}}""", """{"a":1}""")]
    [InlineData("""{"a":1,"b":{"$sealed":"o.7."},"c":2}""", """{"a":1,"c":2}""")]
    [InlineData("""{"a":{"$sealed":"o.7."},"b":{"$sealed":"o.7."}}""", "{}")]
    [InlineData("""{"a":{"$sealed":"o.7."},"b":{"$sealed":"s.7."},"c":2}""", """{"b":"[erased]","c":2}""")]
    [InlineData("""{"in":[{"a":{"$sealed":"o.7."}},{"a":2}]}""", """{"in":[{},{"a":2}]}""")]
    [InlineData("""{ "a" : { "$sealed" : "o.7." } , "b" : 1 }""", """{  "b" : 1 }""")]
    [InlineData("""{"a":{"$sealed":1},"b":{"$sealed":"s.7.","c":1}}""", """{"a":{"$sealed":1},"b":{"$sealed":"s.7.","c":1}}""")]
    [InlineData("""{"a":{"$sealed":"wax"},"b":{"$sealed":"s..x"}}""", """{"a":{"$sealed":"wax"},"b":{"$sealed":"s..x"}}""")]
    [InlineData("""{"a":{"$sealed":"\u0073.7."},"b\u0031":{"$sealed":"s.7."}}""", """{"a":"[erased]","b\u0031":"[erased]"}""")]
    public void What_was_sealed_with_a_destroyed_key_is_erased_and_the_rest_stays_as_it_is(string stored, string legible)
    {
        var @sealed = SealedEvent.Of("type", schemaVersion: 1, Encoding.UTF8.GetBytes(stored));

        Assert.Equal(legible, @sealed is null ? stored : Open(@sealed));
    }

    private static string Open(SealedEvent @sealed)
    {
        using var opened = new OpenedJson(@sealed.Json);
        SealedMember.OpenAll(@sealed, Destroyed, opened);
        return Encoding.UTF8.GetString(opened.Complete());
    }
}
