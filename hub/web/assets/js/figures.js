// Figures that are more than a line: ECharts, only the charts used.
export {};
