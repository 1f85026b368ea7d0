using System.Net;
using System.Net.Sockets;

namespace Operations.Security;

/// <summary>
/// How many wrong keys came from where. An address may give ten at once and one more every six seconds. For at most
/// 10,000 addresses at a time; further ones share one allowance.
/// </summary>
internal sealed class WrongKeys(TimeProvider clock)
{
    public const int AtOnce = 10;

    private const int MostAddresses = 10_000;
    private const int NetworkBytes = 8;

    public static readonly TimeSpan Every = TimeSpan.FromSeconds(6);

    // When the last of its wrong keys will be forgotten: each adds its six seconds.
    private readonly Dictionary<IPAddress, DateTimeOffset> forgottenAt = [];
    private readonly Lock gate = new();

    /// <summary>How long the address has to wait before it may try another key; null: it need not.</summary>
    public TimeSpan? Wait(IPAddress? address)
    {
        lock (gate)
        {
            var known = forgottenAt.GetValueOrDefault(Of(address));
            var wait = known - clock.GetUtcNow() - (AtOnce - 1) * Every;
            return wait > TimeSpan.Zero ? wait : null;
        }
    }

    /// <summary>A wrong key came from there.</summary>
    public void Add(IPAddress? address)
    {
        lock (gate)
        {
            var (now, key) = (clock.GetUtcNow(), Of(address));
            if (forgottenAt.Count >= MostAddresses && !forgottenAt.ContainsKey(key))
            {
                foreach (var (old, _) in forgottenAt.Where(one => one.Value <= now).ToList())
                    forgottenAt.Remove(old);
                if (forgottenAt.Count >= MostAddresses)
                    key = IPAddress.None;
            }

            var known = forgottenAt.GetValueOrDefault(key);
            forgottenAt[key] = (known > now ? known : now) + Every;
        }
    }

    /// <summary>The allowance that an address draws on; one who has an IPv6 network has all addresses of it.</summary>
    private IPAddress Of(IPAddress? address)
    {
        if (address is null)
            return IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            var bytes = address.GetAddressBytes();
            bytes.AsSpan(NetworkBytes).Clear();
            address = new IPAddress(bytes);
        }

        return forgottenAt.ContainsKey(address) || forgottenAt.Count < MostAddresses ? address : IPAddress.None;
    }
}
