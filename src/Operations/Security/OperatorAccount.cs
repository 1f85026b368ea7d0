namespace Operations.Security;

/// <summary>Who may do what.</summary>
internal enum OperatorRole
{
    /// <summary>Sees everything, changes nothing.</summary>
    Viewer,

    /// <summary>Sees everything and acts.</summary>
    Operator,

    /// <summary>A service of the system: reports its figures, and nothing else.</summary>
    Service,
}

/// <summary>One who may sign on: an entry of <c>Operations:Operators</c>.</summary>
internal sealed class OperatorAccount
{
    /// <summary>As it is recorded with every action.</summary>
    public string Name { get; set; } = "";

    public OperatorRole? Role { get; set; }

    /// <summary>SHA-256 of the key in UTF-8, as 64 hexadecimal digits. The key itself is nowhere.</summary>
    public string KeySha256 { get; set; } = "";
}
