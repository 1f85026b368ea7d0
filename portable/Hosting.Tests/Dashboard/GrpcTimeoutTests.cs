using Portable.Hosting.Dashboard.Grpc;

namespace Portable.Hosting.Tests.Dashboard;

public sealed class GrpcTimeoutTests
{
    [Theory]
    [InlineData("1H", 3_600_000)]
    [InlineData("2M", 120_000)]
    [InlineData("30S", 30_000)]
    [InlineData("250m", 250)]
    [InlineData("5000u", 5)]
    [InlineData("7000000n", 7)]
    public void Every_unit_is_understood(string header, double milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), GrpcTimeout.Parse(header));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void No_header_is_no_deadline(string? header) => Assert.Null(GrpcTimeout.Parse(header));

    [Fact]
    public void A_deadline_beyond_what_timers_take_is_cut_to_what_they_take() =>
        Assert.Equal(TimeSpan.FromDays(24), GrpcTimeout.Parse("99999999H"));

    [Theory]
    [InlineData("S")]
    [InlineData("5")]
    [InlineData("5s")]
    [InlineData("-5S")]
    [InlineData("123456789S")]
    [InlineData("1 S")]
    public void Anything_else_is_refused(string header) =>
        Assert.Contains(header, Assert.Throws<GrpcException>(() => GrpcTimeout.Parse(header)).Message);
}
