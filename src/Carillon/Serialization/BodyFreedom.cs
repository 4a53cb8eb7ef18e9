namespace Carillon.Serialization;

/// <summary>How much of a body the values of a message decide, beyond what its type declares: the more they do, the more can be wrong with it.</summary>
internal enum BodyFreedom
{
    /// <summary>Nothing: every name is declared.</summary>
    Declared = 0,

    /// <summary>Names of properties, which are the keys of dictionaries and differ, unless some cannot be written as they are.</summary>
    Keyed,

    /// <summary>Any JSON, such as that of a <see cref="System.Text.Json.JsonElement"/>.</summary>
    Open,

    /// <summary>Any JSON beside declared properties, whose names it may repeat.</summary>
    Extended,
}
