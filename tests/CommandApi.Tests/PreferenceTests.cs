using CommandApi.Commands;
using Microsoft.Extensions.Primitives;

namespace CommandApi.Tests;

/// <summary>RFC 7240, section 2.</summary>
public class PreferenceTests
{
    [Theory]
    [InlineData("wait=5", 5)]
    [InlineData("WAIT = 5", 5)]
    [InlineData("wait=\"5\"", 5)]
    [InlineData("respond-async, wait=10", 10)]
    [InlineData("respond-async,wait=10;strict=yes", 10)]
    [InlineData("return=\"a, wait=9\", wait=3", 3)]
    [InlineData("return=\"a \\\", wait=9\", wait=3", 3)]
    [InlineData("wait=3, wait=9", 3)]
    [InlineData("wait=30", 30)]
    [InlineData("wait=31", 30)]
    [InlineData("wait=2147483647", 30)]
    [InlineData("wait=0", 0)]
    [InlineData("wait", 0)]
    [InlineData("wait=soon", 0)]
    [InlineData("wait=-1", 0)]
    [InlineData("waiting=5", 0)]
    [InlineData("", 0)]
    public void The_first_wait_counts(string header, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Preference.Wait(header));

    [Fact]
    public void Several_headers_count_as_one_list() =>
        Assert.Equal(TimeSpan.FromSeconds(4), Preference.Wait(new StringValues(["respond-async", "wait=4"])));
}
