using System.Net;
using Operations.Security;
using Operations.Tests.Alerts;

namespace Operations.Tests.Security;

public sealed class WrongKeysTests
{
    private static readonly IPAddress Here = IPAddress.Parse("192.0.2.1");

    private readonly ManualClock clock = new();

    [Fact]
    public void After_ten_an_address_waits_six_seconds_for_each_further_one_and_others_need_not()
    {
        var keys = new WrongKeys(clock);
        for (var i = 0; i < WrongKeys.AtOnce; i++)
        {
            Assert.Null(keys.Wait(Here));
            keys.Add(Here);
        }

        Assert.Equal(WrongKeys.Every, keys.Wait(Here));
        Assert.Equal(WrongKeys.Every, keys.Wait(Here.MapToIPv6()));
        Assert.Null(keys.Wait(IPAddress.Parse("192.0.2.2")));
        clock.Pass(WrongKeys.Every.TotalSeconds);
        Assert.Null(keys.Wait(Here));
        keys.Add(Here);
        Assert.Equal(WrongKeys.Every, keys.Wait(Here));
    }

    [Fact]
    public void All_addresses_of_an_IPv6_network_are_one()
    {
        var keys = new WrongKeys(clock);
        for (var i = 0; i < WrongKeys.AtOnce; i++)
            keys.Add(IPAddress.Parse($"2001:db8:0:1::{i}"));
        Assert.NotNull(keys.Wait(IPAddress.Parse("2001:db8:0:1:ffff::1")));
        Assert.Null(keys.Wait(IPAddress.Parse("2001:db8:0:2::1")));
    }

    [Fact]
    public void Addresses_beyond_the_first_ten_thousand_share_an_allowance_until_those_are_forgotten()
    {
        var keys = new WrongKeys(clock);
        for (var i = 0; i < 10_000; i++)
            keys.Add(new IPAddress([10, 0, (byte)(i >> 8), (byte)i]));
        for (var i = 0; i < WrongKeys.AtOnce; i++)
            keys.Add(new IPAddress([172, 16, 0, (byte)i]));
        Assert.NotNull(keys.Wait(IPAddress.Parse("198.51.100.7")));
        clock.Pass((WrongKeys.Every * (WrongKeys.AtOnce + 1)).TotalSeconds);
        keys.Add(Here);
        Assert.Null(keys.Wait(IPAddress.Parse("198.51.100.7")));
    }
}
