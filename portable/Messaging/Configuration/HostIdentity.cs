using System.Security.Cryptography;
using System.Text;

namespace Portable.Messaging;

/// <summary>How this process names itself in headers.</summary>
internal sealed record HostIdentity(string Id, string DisplayName, string Machine)
{
    /// <summary>By default the same in every run of this program on this machine.</summary>
    public static HostIdentity Of(HostInfoSettings settings)
    {
        var machine = settings.HostName ?? Environment.MachineName;
        var id = settings.Id?.ToString("N") ?? Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{machine}/{Environment.ProcessPath}"))[..16]);
        return new HostIdentity(id, settings.DisplayName ?? machine, machine);
    }
}
