namespace Commerce.Contracts;

/// <summary>
/// The log has reached a position: published with a commit, whatever the number of its events, ten times a second at
/// most by each process. For those who follow the log itself, as read models do. It may come late, twice or never: the
/// log is the truth, and who has passed the position ignores it.
/// </summary>
/// <param name="Tenant">Whose command advanced it.</param>
/// <param name="Position">Global position of the commit's last event.</param>
public sealed record LogAdvanced(string Tenant, long Position) : ICommerceMessage;
