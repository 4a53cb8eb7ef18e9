namespace Carillon.Contracts.Legacy
{
    /// <summary>A parcel has arrived: a class as C# 7.3 writes it.</summary>
    [Event("parcel.delivered")]
    public sealed class ParcelDelivered : IParcelEvent
    {
        /// <summary>The parcel.</summary>
        [Key]
        public string Parcel { get; set; } = "";

        /// <summary>Who signed for it.</summary>
        public string SignedBy { get; set; } = "";
    }
}
