namespace Portable.Messaging.Installation;

/// <summary>Creates what an endpoint needs, once per start; must be safe to repeat and to run in several instances at
/// once.</summary>
public interface INeedToInstallSomething
{
    Task Install(string identity, CancellationToken cancellationToken = default);
}
